import type { Api } from "../api.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { durationText } from "../duration_text.ts";
import { exitStatus } from "../exit_status.ts";
import { Failure, Interrupted } from "../failure.ts";
import {
  findRunnerId,
  type Runner,
  runnerPath,
  runnerSchema,
} from "../runner.ts";
import { jsonText, printable } from "../terminal_text.ts";
import type { World } from "../world.ts";
import { runnerWord } from "./runner.ts";

/** How often the runner is looked at; what it has takes minutes. */
const lookMs = 1_000;

/** `slipway runner drain` */
export const runnerDrain: Command = {
  name: "runner drain",
  summary: "Let a runner finish what it has, and give it nothing new",
  words: [{ name: "RUNNER" }],
  options: [
    { name: "watch", short: "w", help: "wait until it runs nothing" },
  ],
  details: `${runnerWord}
Once it runs nothing it can be stopped or updated; slipway runner resume
gives it work again. Ctrl-C stops waiting, the runner stays paused. With --json each change is a line.`,
  async run(given, world) {
    const [word = ""] = given.words;
    const api = await connect(given, world);
    const id = await findRunnerId(api, word);
    const path = runnerPath(id, "pause");
    const request = { method: "POST", path, isRepeatable: true } as const;
    const paused = await api.json(request, runnerSchema);
    const tell = (runner: Runner) =>
      given.has("json")
        ? world.screen.print(jsonText(runner))
        : world.screen.tell(drainLine(runner));
    tell(paused);
    if (given.has("watch")) await untilIdle(api, paused, tell, world);
    return exitStatus.passed;
  },
};

/** @throws Failure when somebody lets the runner go on meanwhile. */
async function untilIdle(
  api: Api,
  paused: Runner,
  tell: (runner: Runner) => void,
  { clock, interrupt, screen }: World,
): Promise<void> {
  const path = runnerPath(paused.id);
  const startedAt = clock.now();
  try {
    for (let last = paused; last.running > 0;) {
      await clock.sleep(lookMs, interrupt);
      if (interrupt.aborted) throw new Interrupted();
      const runner = await api.json({ path }, runnerSchema);
      if (runner.running !== last.running) tell(runner);
      if (runner.state === "active") throw resumed(runner);
      screen.showStatus(
        runner.running === 0
          ? null
          : `· ${printable(runner.name)} has ${amount(runner.running)}, ${
            durationText(clock.now() - startedAt)
          }`,
      );
      last = runner;
    }
  } catch (error) {
    screen.showStatus(null);
    if (error instanceof Interrupted) {
      screen.tell(
        `It stays paused. Give it work again: slipway runner resume ${paused.id}`,
      );
    }
    throw error;
  }
}

function resumed({ name }: Runner): Failure {
  return new Failure(
    `Cannot wait until runner ${
      printable(name)
    } runs nothing: somebody has resumed it`,
    exitStatus.infrastructure,
  );
}

/** What is said of a runner that is given nothing new. */
export function drainLine({ name, state, running, runs }: Runner): string {
  const who = `Runner ${printable(name)} is ${state} and has`;
  if (running === 0) return `${who} nothing to do.`;
  const numbers = runs.length === 0 ? "" : ` (${runs.join(", ")})`;
  return `${who} ${amount(running)}${numbers}.`;
}

function amount(running: number): string {
  return running === 1 ? "one run" : `${running} runs`;
}
