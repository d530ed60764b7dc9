import * as z from "zod";
import { exitStatus } from "./exit_status.ts";
import { Failure, UsageError } from "./failure.ts";

/** What signs requests in: an automation token, or an Auth-Key. */
export type Credential = {
  readonly kind: "token" | "key";
  readonly secret: string;
};

/** What is kept between calls. */
export type Config = {
  /** The server that is used unless another one is named. */
  readonly current: string | null;
  /** The credential of each server, by URL: none is ever sent to another one. */
  readonly servers: Readonly<Record<string, Credential>>;
};

/** What is known before anybody signs in. */
export const emptyConfig: Config = { current: null, servers: {} };

const schema = z.object({
  current: z.string().nullable(),
  servers: z.record(
    z.string(),
    z.object({ kind: z.enum(["token", "key"]), secret: z.string() }),
  ),
});

/**
 * Reads the configuration file's text. `path` is for the message.
 *
 * @throws Failure when it is damaged; what is in it is not repeated.
 */
export function parseConfig(text: string, path: string): Config {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Failure(
      `Cannot read ${path}: it is not a configuration of slipway; remove it and sign in again with slipway login`,
      exitStatus.usage,
    );
  }
}

/** The configuration as the file's text. */
export function formatConfig(config: Config): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** With a server's credential, which is used from now on. */
export function withServer(
  { servers }: Config,
  url: string,
  credential: Credential,
): Config {
  return { current: url, servers: { ...servers, [url]: credential } };
}

/** Without a server's credential. */
export function withoutServer(
  { current, servers }: Config,
  url: string,
): Config {
  const left = Object.fromEntries(
    Object.entries(servers).filter(([each]) => each !== url),
  );
  return { current: current === url ? null : current, servers: left };
}

/**
 * Where the configuration is: below `XDG_CONFIG_HOME`, or `~/.config` (XDG Base Directory Specification).
 *
 * @throws UsageError when neither is known.
 */
export function configPath(
  env: Readonly<Record<string, string | undefined>>,
): string {
  const { XDG_CONFIG_HOME: given, HOME: home, APPDATA: windows } = env;
  // A relative one counts as not set, says the specification.
  if (given?.startsWith("/")) return `${given}/slipway/config.json`;
  if (windows && !home) return `${windows}/slipway/config.json`;
  if (home) return `${home}/.config/slipway/config.json`;
  throw new UsageError(
    "Cannot find the configuration: neither HOME nor XDG_CONFIG_HOME is set",
  );
}

/**
 * A server's base URL without final slashes.
 *
 * @throws UsageError when it is none.
 */
export function readUrl(text: string, source: string): string {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) &&
    url.search + url.hash + url.username + url.password === "";
  if (!isPlain) {
    throw new UsageError(
      `Cannot use ${source}: expected a URL such as https://ci.example.org, without user name and query`,
    );
  }
  return url.href.replace(/\/+$/, "");
}
