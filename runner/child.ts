/** How to run a runner beside something else. */
export type ChildOptions = {
  /** Added to this process's own environment: `SLIPWAY_URL`, `SLIPWAY_EXECUTORS`, … */
  readonly env: Readonly<Record<string, string>>;
  readonly stderr?: "inherit" | "piped" | "null";
};

/**
 * Starts `runner/main.ts` as a child process. SIGTERM lets it finish what is
 * running, a second one stops that; it exits by itself afterwards.
 */
export function startRunner(options: ChildOptions): Deno.ChildProcess {
  const file = (path: string) => new URL(path, import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", file("../deno.json"), file("./main.ts")],
    env: options.env,
    stdin: "null",
    stdout: "null",
    stderr: options.stderr ?? "inherit",
  }).spawn();
}
