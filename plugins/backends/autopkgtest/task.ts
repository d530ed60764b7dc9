import * as z from "zod";
import {
  packageName,
  pinnedName,
  plainName,
  sourceName,
  testName,
} from "./name.ts";

/**
 * What a runner is told to do: one package's tests in one suite on one
 * architecture. The server fills it in, the executor checks it again.
 */
export const taskSchema = z.object({
  package: z.string().regex(packageName),
  suite: z.string().regex(plainName),
  arch: z.string().regex(plainName),
  pins: z.array(z.object({
    suite: z.string().regex(plainName),
    packages: z.array(z.string().regex(pinnedName)).min(1),
  })),
  /** Further sources of packages, in full. */
  extraSources: z.array(z.object({
    name: z.string().regex(sourceName),
    /** One line of sources.list. */
    entry: z.string().regex(/^deb(-src)? [^\n]+$/),
    /** Armoured public key. */
    signingKey: z.string().nullable(),
  })),
  /** The only tests of the package to be run; without it all. */
  testNames: z.array(z.string().regex(testName)).max(500).exactOptional(),
  /** For the whole run. */
  timeoutSeconds: z.int().min(1),
  /** For each test of the package. */
  testTimeoutSeconds: z.int().min(1),
});

/** A checked task. */
export type Task = z.output<typeof taskSchema>;
