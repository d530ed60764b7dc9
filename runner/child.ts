/** How to run a runner beside something else. */
export type ChildOptions = {
  /** Added to this process's own environment: `SLIPWAY_URL`, `SLIPWAY_EXECUTORS`, … */
  readonly env: Readonly<Record<string, string>>;
  readonly stderr?: "inherit" | "piped" | "null";
  /**
   * Ties the runner to this process: it stops at once when this process ends,
   * however that ends, and the terminal's Ctrl-C does not reach it by itself.
   */
  readonly tied?: boolean;
};

/**
 * Starts `runner/main.ts` as a child process. SIGTERM lets it finish what is
 * running, a second one stops that; it exits by itself afterwards.
 */
export function startRunner(options: ChildOptions): Deno.ChildProcess {
  const { env, stderr = "inherit", tied = false } = options;
  const file = (path: string) =>
    decodeURIComponent(new URL(path, import.meta.url).pathname);
  const args = ["--config", file("../deno.json"), file("./main.ts")];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args, ...tied ? ["--stop-at-eof"] : []],
    env,
    // The pipe's other end closes with this process.
    stdin: tied ? "piped" : "null",
    detached: tied,
    stdout: "null",
    stderr,
  }).spawn();
}
