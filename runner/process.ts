import type { Command, CommandEnd } from "../core/executor.ts";
import { maxTimerMs } from "./clock.ts";
import { notStartedReason } from "./not_started.ts";
import { killGroup, signalGroup } from "./process_group.ts";

/** What a command is lent. */
export type ProcessLent = {
  /** Takes standard output and error in the order of arrival. A promise asks to wait before reading on. */
  readonly output: (chunk: Uint8Array) => Promise<void> | null;
  /** Stops the command. */
  readonly signal: AbortSignal;
};

/** After the exit, output may be held open by a process that left the group; it is read for this long. */
const outputGraceMs = 500;

/**
 * Runs a command as the leader of a session, and so a process group, of its own. When it is
 * to stop, the whole group gets SIGTERM, and SIGKILL after the grace; what is
 * left of the group when the leader has gone is killed. A process that makes a session
 * of its own leaves the group and is out of reach: executors that must hold
 * such work use a PID namespace.
 */
export async function runCommand(
  command: Command,
  lent: ProcessLent,
): Promise<CommandEnd> {
  if (lent.signal.aborted) return { kind: "cancelled" };
  let child: Deno.ChildProcess;
  try {
    child = spawn(command);
  } catch (error) {
    return {
      kind: "not_started",
      reason: await notStartedReason(command, error),
    };
  }
  const reading = readOutput(child, lent.output);
  const stopping = stopOnTimeoutOrAbort(child.pid, command, lent.signal);
  const exitCode = await exitCodeOf(child);
  const stopped = stopping.end();
  await killGroup(child.pid);
  await reading.finish();
  switch (stopped) {
    case "timed_out":
      return { kind: "timed_out", timeoutSeconds: command.timeoutSeconds };
    case "cancelled":
      return { kind: "cancelled" };
    case null:
      return { kind: "exited", exitCode };
    default:
      return stopped satisfies never;
  }
}

function spawn(command: Command): Deno.ChildProcess {
  const [program, ...args] = command.argv;
  return new Deno.Command(program, {
    args,
    cwd: command.cwd,
    env: command.env,
    clearEnv: true,
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Arms both ways to stop; `end` disarms them and says which one struck first. */
function stopOnTimeoutOrAbort(
  pid: number,
  command: Command,
  signal: AbortSignal,
) {
  let stopped: "timed_out" | "cancelled" | null = null;
  let killTimer: ReturnType<typeof setTimeout> | undefined;
  const stop = (why: "timed_out" | "cancelled") => {
    if (stopped !== null) return;
    stopped = why;
    signalGroup(pid, "SIGTERM");
    killTimer = setTimeout(
      () => signalGroup(pid, "SIGKILL"),
      timerMs(command.graceSeconds),
    );
  };
  const cancel = () => stop("cancelled");
  const timeoutTimer = setTimeout(
    () => stop("timed_out"),
    timerMs(command.timeoutSeconds),
  );
  signal.addEventListener("abort", cancel, { once: true });
  return {
    end(): "timed_out" | "cancelled" | null {
      clearTimeout(timeoutTimer);
      clearTimeout(killTimer);
      signal.removeEventListener("abort", cancel);
      return stopped;
    },
  };
}

/** Reads both pipes; `finish` waits for their ends, but not for long. */
function readOutput(child: Deno.ChildProcess, output: ProcessLent["output"]) {
  const readers = [child.stdout.getReader(), child.stderr.getReader()];
  const exited = Promise.withResolvers<void>();
  const reading = Promise.all(readers.map(async (reader) => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const room = output(value);
      // Once the process is gone the pipe holds little: nothing is gained by waiting.
      if (room) await Promise.race([room, exited.promise]);
    }
  }));
  return {
    async finish(): Promise<void> {
      exited.resolve();
      const cut = setTimeout(
        () => readers.forEach((reader) => void reader.cancel()),
        outputGraceMs,
      );
      await reading;
      clearTimeout(cut);
    },
  };
}

/** The exit code, 128 + n after signal n. */
async function exitCodeOf(child: Deno.ChildProcess): Promise<number> {
  try {
    return (await child.status).code;
  } catch (error) {
    // Deno has no name for a real-time signal and throws.
    const signal = error instanceof TypeError &&
      /^Invalid signal: (\d+)$/.exec(error.message)?.[1];
    if (!signal) throw error;
    return 128 + Number(signal);
  }
}

function timerMs(seconds: number): number {
  return Math.min(seconds * 1000, maxTimerMs);
}
