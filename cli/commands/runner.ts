import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import {
  findRunnerId,
  listRunners,
  runnerColumns,
  runnerFacts,
  runnerFields,
  runnerHeading,
  runnerPath,
  runnerSchema,
} from "../runner.ts";
import { printTable } from "../table.ts";
import { jsonText, printable } from "../terminal_text.ts";

/** What is said of the word that names a runner. */
export const runnerWord =
  "RUNNER is an id of slipway runner list, or a name where one runner alone is called so.";

/** `slipway runner list` */
export const runnerList: Command = {
  name: "runner list",
  summary: "List runners, the one that was seen last first",
  words: [],
  options: [
    { name: "all", help: "also those that were not seen for a week" },
  ],
  details:
    `In a pipe each runner is a line with tabs between id, name, state, how many runs it has, time last seen, backends
and version. With --json it is one JSON list.`,
  async run(given, world) {
    const api = await connect(given, world);
    const runners = await listRunners(api, { all: given.has("all") });
    if (given.has("json")) {
      world.screen.print(jsonText(runners));
      return exitStatus.passed;
    }
    const now = world.clock.now();
    const rows = runners.map((runner) => runnerColumns(runner, now));
    printTable(
      world.screen,
      { heading: runnerHeading, rows },
      runners.map(runnerFields),
      "There are no runners.",
    );
    return exitStatus.passed;
  },
};

/** `slipway runner show` */
export const runnerShow: Command = {
  name: "runner show",
  summary: "Show a runner, what it offers and what it runs",
  words: [{ name: "RUNNER" }],
  options: [],
  details: runnerWord,
  async run(given, world) {
    const [word = ""] = given.words;
    const api = await connect(given, world);
    const path = runnerPath(await findRunnerId(api, word));
    const runner = await api.json({ path }, runnerSchema);
    if (given.has("json")) {
      world.screen.print(jsonText(runner));
      return exitStatus.passed;
    }
    const rows = runnerFacts(runner);
    const heading = ["WHAT", "VALUE"];
    printTable(world.screen, { heading, rows }, rows, "");
    return exitStatus.passed;
  },
};

/** `slipway runner pause` */
export const runnerPause: Command = changing(
  "pause",
  "Give a runner nothing new",
  "What it has it finishes; slipway runner drain waits for that.",
);

/** `slipway runner resume` */
export const runnerResume: Command = changing(
  "resume",
  "Give a paused runner work again",
);

/** `slipway runner revoke` */
export const runnerRevoke: Command = changing(
  "revoke",
  "Shut a runner out for good",
  "Its runs go to others at once. It can register again as long as it knows a token that may register.",
);

function changing(
  verb: "pause" | "resume" | "revoke",
  summary: string,
  more?: string,
): Command {
  return {
    name: `runner ${verb}`,
    summary,
    words: [{ name: "RUNNER" }],
    options: [],
    details: more === undefined ? runnerWord : `${runnerWord}\n${more}`,
    async run(given, world) {
      const [word = ""] = given.words;
      const api = await connect(given, world);
      const path = runnerPath(await findRunnerId(api, word), verb);
      const request = { method: "POST", path, isRepeatable: true } as const;
      const runner = await api.json(request, runnerSchema);
      if (given.has("json")) world.screen.print(jsonText(runner));
      else {
        const { id, name, state } = runner;
        world.screen.tell(`Runner ${printable(name)} (${id}) is ${state}.`);
      }
      return exitStatus.passed;
    },
  };
}
