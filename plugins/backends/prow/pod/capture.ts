import type { Command, CommandEnd } from "../../../../core/executor.ts";

/** A command of ours, not of the job's: its output is wanted here, not in the log. */
export type CapturedCommand = Pick<
  Command,
  "argv" | "cwd" | "env" | "timeoutSeconds"
>;

/** How a captured command ended, with the end of what it wrote. */
export type Captured = {
  readonly end: CommandEnd;
  /** Standard output and error in the order of arrival. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
};

/** Longer output loses its beginning. */
const maxOutputLength = 256 * 1024;

/** A process that has left the group may hold the output open; it is read for this long after the exit. */
const outputGraceMs = 500;

/**
 * Runs a short command in a process group of its own, which is killed when the
 * time is up or the signal aborts, and in any case when the command has ended.
 */
export async function capture(
  command: CapturedCommand,
  signal: AbortSignal | null,
): Promise<Captured> {
  const nothing = { output: "", stdout: "" };
  if (signal?.aborted) return { end: { kind: "cancelled" }, ...nothing };
  let child: Deno.ChildProcess;
  try {
    child = spawn(command);
  } catch (error) {
    return { end: notStarted(command, error), ...nothing };
  }
  const output = readOutput(child);
  const stopping = killOnTimeoutOrAbort(child.pid, command, signal);
  const { code } = await child.status;
  const stopped = stopping.end();
  killGroup(child.pid);
  const end = stopped ?? { kind: "exited", exitCode: code } as const;
  return { end, ...await output.finish() };
}

function spawn({ argv, cwd, env }: CapturedCommand): Deno.ChildProcess {
  const [program, ...args] = argv;
  return new Deno.Command(program, {
    args,
    cwd,
    env,
    clearEnv: true,
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function notStarted({ argv }: CapturedCommand, error: unknown): CommandEnd {
  const why = error instanceof Deno.errors.NotFound
    ? "it is not installed"
    : error instanceof Error
    ? error.message
    : String(error);
  return { kind: "not_started", reason: `Cannot run ${argv[0]}: ${why}` };
}

function killOnTimeoutOrAbort(
  pid: number,
  { timeoutSeconds }: CapturedCommand,
  signal: AbortSignal | null,
) {
  let stopped: CommandEnd | null = null;
  const stop = (end: CommandEnd) => {
    stopped ??= end;
    killGroup(pid);
  };
  const cancel = () => stop({ kind: "cancelled" });
  const timer = setTimeout(
    () => stop({ kind: "timed_out", timeoutSeconds }),
    timeoutSeconds * 1000,
  );
  signal?.addEventListener("abort", cancel, { once: true });
  return {
    end(): CommandEnd | null {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      return stopped;
    },
  };
}

function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
}

function readOutput(child: Deno.ChildProcess) {
  const readers = [child.stdout.getReader(), child.stderr.getReader()];
  let output = "";
  let stdout = "";
  const reading = Promise.all(readers.map(async (reader, index) => {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const text = decoder.decode(value, { stream: true });
      output = (output + text).slice(-maxOutputLength);
      if (index === 0) stdout = (stdout + text).slice(-maxOutputLength);
    }
  }));
  return {
    async finish(): Promise<{ output: string; stdout: string }> {
      const cut = setTimeout(
        () => readers.forEach((reader) => void reader.cancel()),
        outputGraceMs,
      );
      await reading;
      clearTimeout(cut);
      return { output, stdout };
    },
  };
}
