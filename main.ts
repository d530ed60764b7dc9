/**
 * Slipway's server, for `deno serve` and the edge: `export default { fetch }`.
 *
 * ```sh
 * deno task migrate && deno serve -A main.ts
 * ```
 *
 * @module
 */
import { boot, type Booted } from "./boot.ts";
import { readSettings, type Settings } from "./core/settings.ts";
import { findSigningKey } from "./plugins/auth/bearer/signing_key_file.ts";

/** At the edge settings come with each request, and nothing may be opened before the first one. */
let booted: Booted | null = globalThis.Deno === undefined
  ? null
  : await bootHere();

export default {
  fetch(request: Request, bindings?: unknown): Promise<Response> {
    booted ??= boot(readSettings(toEnv(bindings)));
    return booted.app.fetch(request);
  },
};

async function bootHere(): Promise<Booted> {
  const settings: Settings = readSettings(Deno.env.toObject());
  return boot({ ...settings, signingKey: await findSigningKey(settings) });
}

function toEnv(bindings: unknown): Record<string, string> {
  const entries = typeof bindings === "object" && bindings !== null
    ? Object.entries(bindings)
    : [];
  return Object.fromEntries(
    entries.filter(([, value]) => typeof value === "string"),
  );
}
