import { root } from "./paths.ts";
import { isAlive } from "./processes.ts";

/** A `deno task start` of a test, on a folder and a port of its own. */
export type RunningSlipway = AsyncDisposable & {
  readonly url: string;
  /** What it printed for people to paste. */
  readonly printed: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly serverPid: number;
  readonly status: Promise<Deno.CommandStatus>;
  /** What it has said on standard error so far. */
  said(): string;
  /** The server and everything below it. */
  processes(): Promise<number[]>;
  /** What Ctrl-C does in a terminal, once. */
  interrupt(): Promise<Deno.CommandStatus>;
};

/** How long the first start may take: it may install packages. */
const startTimeoutMs = 300_000;

/**
 * Starts `deno task start` and waits for what it prints; of another checkout, when one is named.
 *
 * @throws Error with its output when it ends instead.
 */
export async function startSlipway(
  env: Record<string, string> = {},
  folder: string = root,
): Promise<RunningSlipway> {
  const data = await Deno.makeTempDir({ prefix: "slipway-start-" });
  const own = { SLIPWAY_DATA: data, ...env };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "scripts/start.ts"],
    cwd: folder,
    env: { ...own, PORT: "0", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const errors = collect(child.stderr);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let hasEnded = false;
  const status = child.status.finally(() => hasEnded = true);
  const interrupt = async () => {
    // Detached, it leads a process group, as in a terminal.
    if (!hasEnded) Deno.kill(-child.pid, "SIGINT");
    return await status;
  };
  let family: readonly number[] = [child.pid];
  const dispose = async () => {
    await interrupt();
    // Only after a test that failed is anything left.
    family.filter(isAlive).forEach((pid) => Deno.kill(pid, "SIGKILL"));
    await reader.cancel();
    await errors.done;
    await Deno.remove(data, { recursive: true });
  };
  let output = "";
  const timer = setTimeout(
    () => Deno.kill(-child.pid, "SIGKILL"),
    startTimeoutMs,
  );
  while (!/^curl .*events$/m.test(output)) {
    const { value, done } = await reader.read();
    if (done) {
      clearTimeout(timer);
      await status;
      await dispose();
      throw new Error(`Slipway did not start: ${errors.text()}`);
    }
    output += value;
  }
  clearTimeout(timer);
  family = await descendants(child.pid);
  return {
    url: /https?:\/\/\S+/.exec(output)?.[0] ?? "",
    printed: output.split("\n"),
    env: own,
    serverPid: child.pid,
    status,
    said: errors.text,
    processes: () => descendants(child.pid),
    interrupt,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Reads a stream as it comes. */
export function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): {
  text(): string;
  readonly done: Promise<void>;
} {
  let text = "";
  const read = async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
    }
  };
  return { text: () => text, done: read() };
}

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "pid=,ppid="],
  }).output();
  const parents = new TextDecoder().decode(stdout).trim().split("\n").map((
    line,
  ) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (let index = 0; index < found.length; index++) {
    for (const [child = 0, parent] of parents) {
      if (parent === found[index]) found.push(child);
    }
  }
  return found;
}
