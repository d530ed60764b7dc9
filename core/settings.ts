import * as z from "zod";
import { type Network, parseNetwork } from "./address.ts";
import {
  missingSignInVariables,
  type SignInSettings,
  signInVariables,
  toSignInSettings,
} from "./sign_in_settings.ts";

const url = z.url({
  protocol: /^https?$/,
  error: "expected a URL such as https://ci.example.org",
})
  // Every path is put behind it, and whoever reads it may show it.
  .refine(
    (text) => !/[?#]/.test(text) && !/^[^/]*\/\/[^/]*@/.test(text),
    "expected a URL without query, fragment and user name",
  )
  .transform((text) => text.replace(/\/+$/, ""));

const databaseUrl = z.string().regex(
  /^(file|libsql|https?):/,
  "expected a URL of file:, libsql:, http: or https:",
).refine(
  (text) => !text.startsWith("file:") || namesFile(text),
  "expected file: and the path of a file, such as file:/var/lib/slipway/slipway.db, with %25 for % and %3F for ?",
);

const proxies = z.string().default("").transform((text, context) =>
  text.split(",").map((part) => part.trim()).filter((part) => part !== "")
    .flatMap((part) => {
      const network = parseNetwork(part);
      if (network !== null) return [network];
      context.addIssue(
        `expected addresses or ranges such as 10.0.0.0/8, with commas between them, not ${
          JSON.stringify(part)
        }`,
      );
      return [];
    })
);

const schema = z.object({
  SLIPWAY_DATA: z.string().min(1).default("data"),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_AUTH_TOKEN: z.string().min(1).optional(),
  HOST: z.string().min(1).default("127.0.0.1")
    .transform((text) => text.replace(/^\[(.*)\]$/, "$1")),
  PORT: z.coerce.number("expected a port number").int("expected a whole number")
    .min(0).max(65535).default(8000),
  SLIPWAY_URL: url.optional(),
  SLIPWAY_SIGNING_KEY: z.string().min(1).optional(),
  SLIPWAY_RUNNER_TOKEN: z.string().min(16, "expected at least 16 characters")
    .optional(),
  SLIPWAY_EXECUTORS: z.string().default(""),
  SLIPWAY_PACKAGE_TREES: z.string().min(1).optional(),
  SLIPWAY_PROXIES: proxies,
  ...signInVariables,
});

/** What the environment sets; see docs/settings.md. */
export type Settings = SignInSettings & {
  /** Folder of the embedded default. */
  readonly dataDirectory: string;
  readonly databaseUrl: string;
  readonly databaseAuthToken: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Public base URL without a final slash; the request's own when not set. */
  readonly publicUrl: string | undefined;
  /** A private Ed25519 JWK as JSON, or a JWK Set. */
  readonly signingKey: string | undefined;
  /** Reads it anew, where it may change while a server runs; `readSettings` sets none. */
  readonly readSigningKey?: () => Promise<string | undefined>;
  /** With it runners register. */
  readonly runnerToken: string | undefined;
  /** `backend:name` of each executor that a runner may use. */
  readonly executors: readonly string[];
  /** Whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly Network[];
  /** Folder of source trees by package name. */
  readonly packageTrees: string | undefined;
};

/**
 * Reads the settings out of the environment; an empty variable counts as not set.
 *
 * @throws TypeError that names every faulty variable.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) =>
      env[name] ? [[name, env[name]]] : []
    ),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) =>
      `${issue.path.join(".")}: ${issue.message}`
    );
    throw new TypeError(`Cannot read the settings: ${faults.join("; ")}`);
  }
  const value = parsed.data;
  const missing = missingSignInVariables(value);
  if (missing.length > 0) {
    throw new TypeError(`Cannot read the settings: ${missing.join("; ")}`);
  }
  return {
    ...toSignInSettings(value),
    dataDirectory: value.SLIPWAY_DATA,
    databaseUrl: value.DATABASE_URL ??
      `file:${value.SLIPWAY_DATA.replaceAll("%", "%25")}/slipway.db`,
    databaseAuthToken: value.DATABASE_AUTH_TOKEN,
    host: value.HOST,
    port: value.PORT,
    publicUrl: value.SLIPWAY_URL,
    signingKey: value.SLIPWAY_SIGNING_KEY,
    runnerToken: value.SLIPWAY_RUNNER_TOKEN,
    executors: value.SLIPWAY_EXECUTORS.split(",").map((name) => name.trim())
      .filter((name) => name !== ""),
    packageTrees: value.SLIPWAY_PACKAGE_TREES,
    proxies: value.SLIPWAY_PROXIES,
  };
}

/** Where a server of these settings can be reached from its own machine, without a final slash. */
export function localUrl(host: string, port: number): string {
  const reachable = host === "0.0.0.0"
    ? "127.0.0.1"
    : host === "::"
    ? "::1"
    : host;
  return `http://${
    reachable.includes(":") ? `[${reachable}]` : reachable
  }:${port}`;
}

/** A database in memory is no file: each process would have one of its own, and it would be gone with it. */
function namesFile(url: string): boolean {
  const path = /^file:(?:\/\/(?=\/))?([^?#]+)$/.exec(url)?.[1] ?? "";
  try {
    return !/^$|^\/\/|\/$|^:memory:|\0/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
