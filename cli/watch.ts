import { type Api, pathPart } from "./api.ts";
import { type ExitStatus, exitStatus, statusOfEnd } from "./exit_status.ts";
import { Interrupted } from "./failure.ts";
import { followRun } from "./follow.ts";
import { LogPrinter } from "./log_printer.ts";
import { endOf, type Run, runSchema } from "./run.ts";
import { goOnLines, stateLine, statusLine } from "./run_lines.ts";
import { jsonText, printable } from "./terminal_text.ts";
import type { World } from "./world.ts";

/** How a run is watched. */
export type WatchOptions = {
  readonly isJson: boolean;
  /** Whether the log may steer the terminal. */
  readonly isRaw: boolean;
};

/** How often the status line is drawn. */
const tickMs = 1_000;

/** A run that waits for so long may lack something; then it is asked what. */
const askAfterMs = 2_000;

/**
 * Shows a run's states and its log until it ends, and says how the process is
 * to end. Ctrl-C leaves the run alone.
 */
export async function watchRun(
  api: Api,
  id: string,
  options: WatchOptions,
  world: World,
): Promise<ExitStatus> {
  const watching = new Watching(api, options, world);
  try {
    for await (const event of followRun(api, id)) {
      if (options.isJson) {
        const { kind, ...rest } = event;
        world.screen.print(jsonText({ event: kind, ...rest }));
      }
      if (event.kind === "log") watching.log(event.text);
      else watching.state(event.run);
    }
    return watching.end();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    watching.stop();
    if (watching.run !== null) world.screen.tell(goOnLines(watching.run));
    return exitStatus.interrupted;
  } finally {
    watching.stop();
  }
}

/** What is shown of one run while it goes on. */
class Watching {
  run: Run | null = null;
  readonly #api: Api;
  readonly #world: World;
  readonly #printer: LogPrinter;
  readonly #isJson: boolean;
  readonly #timer: ReturnType<typeof setInterval>;
  #since: number;
  #isAsked = false;

  constructor(api: Api, { isJson, isRaw }: WatchOptions, world: World) {
    this.#api = api;
    this.#world = world;
    this.#isJson = isJson;
    this.#since = world.clock.now();
    this.#printer = new LogPrinter(world.screen, { isRaw });
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  log(text: string): void {
    if (!this.#isJson) this.#printer.push(text);
  }

  state(run: Run): void {
    const before = this.run;
    if (before?.attempt !== run.attempt || endOf(run) !== null) {
      this.#printer.end();
    }
    this.run = run;
    this.#since = this.#world.clock.now();
    this.#isAsked = false;
    const line = stateLine(run, before);
    if (line !== null && !this.#isJson) {
      this.#world.screen.showStatus(null);
      this.#world.screen.tell(line);
    }
    if (endOf(run) === null) this.#draw();
  }

  end(): ExitStatus {
    const end = this.run && endOf(this.run);
    return end === null ? exitStatus.infrastructure : statusOfEnd(end);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#printer.end();
    this.#world.screen.showStatus(null);
  }

  #draw(): void {
    if (this.run === null || this.#isJson) return;
    this.#world.screen.showStatus(
      statusLine(this.run, this.#world.clock.now()),
    );
  }

  #tick(): void {
    this.#draw();
    const waitedMs = this.#world.clock.now() - this.#since;
    const isWaiting = this.run?.state === "queued" && waitedMs >= askAfterMs;
    if (!isWaiting || this.#isAsked) return;
    this.#isAsked = true;
    this.#askWhy(this.run).catch(() => {
      // It is told when the stream breaks off too.
    });
  }

  /** Events do not say for what a run waits; the run itself does. */
  async #askWhy(waiting: Run | null): Promise<void> {
    if (waiting === null) return;
    const path = `/v1/runs/${pathPart(waiting.id)}`;
    const run = await this.#api.json({ path }, runSchema);
    if (this.run !== waiting || run.message === waiting.message) return;
    this.run = { ...waiting, message: run.message };
    if (run.message && !this.#isJson) {
      this.#world.screen.tell(printable(run.message));
    }
  }
}
