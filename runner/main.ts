/**
 * `deno task runner`: a runner, configured by the environment.
 *
 * @module
 */
import executors from "../runner.config.ts";
import { systemIds } from "../core/id.ts";
import { version } from "../core/version.ts";
import { Client } from "./client.ts";
import { executorName, sortOutUnready } from "./choose.ts";
import { systemClock } from "./clock.ts";
import { thisHost } from "./host.ts";
import { humanLog } from "./human_log.ts";
import { runLoop } from "./loop.ts";
import { readOptions, type RunnerOptions } from "./options.ts";
import { onSignals } from "./signals.ts";
import { clearWorkFolders } from "./work_folder.ts";

const help = `Claims work from a Slipway server and carries it out.

Usage: deno task runner [--help] [--stop-at-eof]
       deno task runner list [--all]
       deno task runner pause|resume|revoke ID

The last two are for the server's operator and need its settings, not those below.

Settings, from the environment:
  SLIPWAY_EXECUTORS     what it may do, separated by commas (required; see below)
  SLIPWAY_RUNNER_TOKEN  the server's registration token, or a token of a group that
                        may "runners:register" (required)
  SLIPWAY_URL           the server; http://HOST:PORT when not set
  SLIPWAY_SLOTS         runs at a time; 2 when not set

SIGINT and SIGTERM finish what is running; a second one stops it and gives it back.
With --stop-at-eof the end of standard input does that too: the runner then ends
with the process that holds the other end of the pipe.

Executors:
${
  executors.map((executor) =>
    `  ${executorName(executor)}  ${executor.summary}`
  ).join("\n")
}
`;

/** A service's standard input is often empty from the start, so it has to be asked for. */
const stopAtEof = "--stop-at-eof";

const log = humanLog((bytes) => Deno.stderr.writeSync(bytes), Date.now);

/** Runs a runner until it is told to go; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    Deno.stdout.writeSync(new TextEncoder().encode(help));
    return 0;
  }
  const unknown = args.filter((arg) => arg !== stopAtEof);
  if (unknown.length > 0) {
    return fail(2, `Cannot understand ${unknown.join(" ")}: see --help`);
  }
  const env = Deno.env.toObject();
  let options: RunnerOptions;
  try {
    options = readOptions(env, executors);
  } catch (error) {
    if (error instanceof TypeError) return fail(2, error.message);
    throw error;
  }
  const host = thisHost(env);
  const { ready, unready } = await sortOutUnready(options.executors, host);
  for (const { executor, reason } of unready) {
    log("warn", `${executorName(executor)} is left out: ${reason}`);
  }
  if (ready.length === 0) {
    return fail(1, "Cannot work: none of the executors is ready");
  }
  await clearWorkFolders(log);
  return await serve(options, ready, host, args.includes(stopAtEof));
}

async function serve(
  options: RunnerOptions,
  ready: RunnerOptions["executors"],
  host: ReturnType<typeof thisHost>,
  isTied: boolean,
): Promise<number> {
  const { serverUrl, registrationToken, slots } = options;
  const lent = {
    fetch,
    clock: systemClock,
    now: Date.now,
    random: Math.random,
    log,
  };
  const signals = onSignals(log);
  if (isTied) void stopAtEnd(Deno.stdin.readable, signals.stop);
  log("info", `${ready.map(executorName).join(", ")} for ${serverUrl}`);
  try {
    await runLoop({
      ...lent,
      client: new Client({ ...lent, serverUrl }),
      registrationToken,
      name: Deno.hostname(),
      version,
      uuid: systemIds(Date.now).uuid,
      executors: ready,
      host,
      slots,
      drain: signals.drain,
      shutdown: signals.shutdown,
    });
    log("info", "Stopped");
    return 0;
  } catch (error) {
    return fail(1, error instanceof Error ? error.message : String(error));
  } finally {
    signals.close();
  }
}

/** Stops when nothing more can come: whoever wrote has ended. */
async function stopAtEnd(
  input: ReadableStream<Uint8Array>,
  stop: (why: string) => void,
): Promise<void> {
  await input.pipeTo(new WritableStream()).catch(() => {});
  stop("Whoever started this runner has ended");
}

function fail(exitCode: number, message: string): number {
  Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  return exitCode;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
