import * as z from "zod";
import { plainName, sourceName } from "./name.ts";

const plain = z.string().regex(
  plainName,
  "expected a name of a-z, 0-9, '+', '.' and '-'",
);

const extraSource = z.object({
  /** One line of sources.list. */
  entry: z.string().regex(
    /^deb(-src)? [^\n]+$/,
    "expected one line that begins with deb or deb-src",
  ),
  /** Armoured public key that signs the source. */
  signingKey: z.string().optional(),
  /** Who may use it, as `user:NAME` or `group:NAME`; empty: everybody. */
  allowed: z.array(z.string().regex(/^(user|group):/)).default([]),
});

/** What an operator sets in `slipway.config.ts`. */
export const optionsSchema = z.object({
  suites: z.array(plain).min(1).default(["unstable", "testing", "stable"]),
  architectures: z.array(plain).min(1).default(["amd64", "arm64"]),
  /** Whether anybody may read public tests' files, status and feeds below `/data`, as in debci; else it takes `tests:read`. */
  publicData: z.boolean().default(true),
  /** Largest body of a request; an upload of many tests is the largest there is. */
  maxUploadBytes: z.int().min(1).default(10 * 1024 * 1024),
  /** After this long the whole run is stopped. */
  timeoutSeconds: z.int().min(1).default(5 * 3600),
  /** After this long one test of a package fails (autopkgtest's `--timeout-test`). */
  testTimeoutSeconds: z.int().min(1).default(10_000),
  /** A test that ended with a temporary failure is queued again, later by each of these in turn; none: never. */
  retryDelaysSeconds: z.array(z.int().min(1)).max(10).default([300, 1800]),
  /** debci's extra_apt_sources_list.yaml: sources of packages by name. */
  extraAptSources: z.record(z.string().regex(sourceName), extraSource)
    .default({}),
});

/** The options, checked and completed. */
export type Options = z.output<typeof optionsSchema>;
