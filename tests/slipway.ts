import { root } from "./paths.ts";

/** A `deno task start` of a test, on a folder and a port of its own. */
export type RunningSlipway = AsyncDisposable & {
  readonly url: string;
  /** What it printed for people to paste. */
  readonly printed: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly serverPid: number;
  /** The server and everything below it. */
  processes(): Promise<number[]>;
  /** What Ctrl-C does in a terminal, once. */
  interrupt(): Promise<Deno.CommandStatus>;
};

/** How long the first start may take: it may install packages. */
const startTimeoutMs = 300_000;

/**
 * Starts `deno task start` and waits for what it prints.
 *
 * @throws Error with its output when it ends instead.
 */
export async function startSlipway(
  env: Record<string, string> = {},
): Promise<RunningSlipway> {
  const data = await Deno.makeTempDir({ prefix: "slipway-start-" });
  const own = { SLIPWAY_DATA: data, ...env };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "scripts/start.ts"],
    cwd: root,
    env: { ...own, PORT: "0", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let hasEnded = false;
  const interrupt = async () => {
    // Detached, it leads a process group, as in a terminal; the runner gets the signal too.
    if (!hasEnded) Deno.kill(-child.pid, "SIGINT");
    const status = await child.status;
    hasEnded = true;
    return status;
  };
  const dispose = async () => {
    await interrupt();
    await reader.cancel();
    await errors;
    await Deno.remove(data, { recursive: true });
  };
  let output = "";
  const timer = setTimeout(
    () => Deno.kill(-child.pid, "SIGKILL"),
    startTimeoutMs,
  );
  while (!/^curl .*log$/m.test(output)) {
    const { value, done } = await reader.read();
    if (done) {
      clearTimeout(timer);
      hasEnded = true;
      const said = await errors;
      await dispose();
      throw new Error(`Slipway did not start: ${said}`);
    }
    output += value;
  }
  clearTimeout(timer);
  return {
    url: /http:\/\/[\d.]+:\d+/.exec(output)?.[0] ?? "",
    printed: output.split("\n"),
    env: own,
    serverPid: child.pid,
    processes: () => descendants(child.pid),
    interrupt,
    [Symbol.asyncDispose]: dispose,
  };
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
