import type { Arguments } from "./arguments.ts";
import { pasteFault } from "../core/credential.ts";
import { type Config, type Credential, readUrl } from "./config.ts";
import { UsageError } from "./failure.ts";

/** Which server is asked, and as whom. */
export type Server = {
  /** Without final slash. */
  readonly url: string;
  /** Null: as nobody. */
  readonly credential: Credential | null;
};

/**
 * Finds out which server is meant: `--url`, `SLIPWAY_URL`, or the one signed in to. The credential is that of
 * `SLIPWAY_TOKEN` or `SLIPWAY_KEY`, or what was kept for this very server.
 *
 * @throws UsageError when no server is known, or a variable is not as it must be.
 */
export function findServer(
  given: Pick<Arguments, "text">,
  env: Readonly<Record<string, string | undefined>>,
  config: Config,
): Server {
  const url = findUrl(given, env, config);
  return { url, credential: envCredential(env) ?? config.servers[url] ?? null };
}

/**
 * A credential that was typed or pasted: a UUID is an Auth-Key, anything else a token.
 *
 * @throws UsageError that says what went wrong in pasting, and does not repeat it.
 */
export function readCredential(text: string): Credential {
  const kind = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
    ? "key"
    : "token";
  const fault = pasteFault("token or key", text);
  if (fault !== null) throw new UsageError(`Cannot sign in: ${fault}`);
  return { kind, secret: text };
}

/** The headers that sign a request in. */
export function signIn(credential: Credential | null): Record<string, string> {
  if (credential === null) return {};
  const { kind, secret } = credential;
  return kind === "token"
    ? { authorization: `Bearer ${secret}` }
    : { "auth-key": secret };
}

function findUrl(
  given: Pick<Arguments, "text">,
  env: Readonly<Record<string, string | undefined>>,
  { current }: Config,
): string {
  const option = given.text("url");
  if (option !== undefined) return readUrl(option, "--url");
  if (env.SLIPWAY_URL) return readUrl(env.SLIPWAY_URL, "SLIPWAY_URL");
  if (current !== null) return current;
  throw new UsageError(
    "No server is known: sign in with slipway login URL, or set SLIPWAY_URL",
  );
}

function envCredential(
  env: Readonly<Record<string, string | undefined>>,
): Credential | null {
  const { SLIPWAY_TOKEN: token, SLIPWAY_KEY: key } = env;
  if (token && key) {
    throw new UsageError(
      "Cannot sign in: SLIPWAY_TOKEN and SLIPWAY_KEY are both set; unset one",
    );
  }
  if (token) return checked("SLIPWAY_TOKEN", { kind: "token", secret: token });
  return key ? checked("SLIPWAY_KEY", { kind: "key", secret: key }) : null;
}

function checked(variable: string, credential: Credential): Credential {
  const fault = pasteFault(credential.kind, credential.secret);
  if (fault === null) return credential;
  throw new UsageError(`Cannot use ${variable}: ${fault}`);
}
