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
import { readSettings } from "./core/settings.ts";
import { findSigningKey } from "./plugins/auth/bearer/signing_key_file.ts";
import { shutdownMs } from "./shutdown.ts";
import { startFault } from "./start_fault.ts";

/** At the edge settings come with each request, and nothing may be opened before the first one. */
let booted: Booted | null = globalThis.Deno === undefined
  ? null
  : await bootHere();

export default {
  /** `info` is what the platform says of the connection (Deno), or the settings (elsewhere at the edge). */
  fetch(request: Request, info?: unknown): Promise<Response> {
    booted ??= boot(readSettings(toEnv(info)));
    return booted.app.fetch(request, info);
  },
};

/** A server that cannot start says why in one line, as the scripts do. */
async function bootHere(): Promise<Booted> {
  try {
    const settings = readSettings(Deno.env.toObject());
    const readSigningKey = () => findSigningKey(settings);
    const signingKey = await readSigningKey();
    // `deno serve` has its own flags for where to listen: no URL is known here.
    const here = boot({ ...settings, signingKey, readSigningKey }, {
      url: null,
    });
    stopOnSignal(here);
    return here;
  } catch (error) {
    tell(startFault(error));
    Deno.exit(1);
  }
}

/**
 * At SIGTERM `deno serve` stops listening and ends once every request is
 * answered. It needs help with those that wait and those that hang, and with
 * Ctrl-C, at which it would cut all of them off.
 */
function stopOnSignal({ app, release }: Booted): void {
  let isStopping = false;
  Deno.addSignalListener("SIGTERM", () => {
    if (isStopping) Deno.exit(130);
    isStopping = true;
    tell("Stopping: open requests are answered first");
    app.close();
    const deadline = setTimeout(() => {
      release();
      Deno.exit(0);
    }, shutdownMs);
    Deno.unrefTimer(deadline);
  });
  Deno.addSignalListener("SIGINT", () => Deno.kill(Deno.pid, "SIGTERM"));
}

function tell(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

function toEnv(bindings: unknown): Record<string, string> {
  const entries = typeof bindings === "object" && bindings !== null
    ? Object.entries(bindings)
    : [];
  return Object.fromEntries(
    entries.filter(([, value]) => typeof value === "string"),
  );
}
