/**
 * `slipway`: Slipway's command line, for people and scripts (docs/cli.md).
 *
 * ```sh
 * deno install -g -A --config deno.json -n slipway cli/main.ts
 * ```
 *
 * @module
 */
import { systemClock } from "./clock.ts";
import { commands } from "./commands.ts";
import { openConfigFile } from "./config_file.ts";
import { exitStatus } from "./exit_status.ts";
import { Failure } from "./failure.ts";
import { createInput } from "./input.ts";
import { createScreen } from "./screen.ts";
import { slipway } from "./slipway.ts";
import type { World } from "./world.ts";

if (import.meta.main) {
  const status = await slipway(Deno.args, commands, systemWorld())
    // All else is told; what cannot be told has nobody to read it any more.
    .catch(() => exitStatus.brokenPipe);
  Deno.exit(status);
}

const usualColumns = 80;

/** This process's own surroundings. */
function systemWorld(): World {
  const env = Deno.env.toObject();
  const interrupt = onInterrupt();
  const uuid = () => crypto.randomUUID();
  const say = (text: string) =>
    void Deno.stderr.writeSync(new TextEncoder().encode(text));
  return {
    env,
    screen: createScreen(
      { out: Deno.stdout, err: Deno.stderr, columns },
      env,
    ),
    input: createInput(Deno.stdin, say, interrupt),
    config: openConfigFile(env, uuid),
    fetch,
    clock: systemClock,
    random: Math.random,
    uuid,
    interrupt,
    writeFile,
  };
}

/** The first Ctrl-C ends what goes on in good order; the second ends the process at once. */
function onInterrupt(): AbortSignal {
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    if (interrupt.signal.aborted) Deno.exit(exitStatus.interrupted);
    interrupt.abort();
  });
  return interrupt.signal;
}

function columns(): number {
  try {
    // A terminal that was told no size says 0.
    return Deno.consoleSize().columns || usualColumns;
  } catch {
    return usualColumns;
  }
}

async function writeFile(path: string, text: string): Promise<void> {
  try {
    const folder = /^(.*)\/[^/]*$/.exec(path)?.[1] || ".";
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(path, text, { createNew: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`Cannot write ${path}: ${why}`, exitStatus.usage);
  }
}
