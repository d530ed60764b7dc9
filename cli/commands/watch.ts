import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { watchRun } from "../watch.ts";

/** `slipway watch` */
export const watch: Command = {
  name: "watch",
  summary: "Show a run's states and log until it ends",
  words: [{ name: "ID" }],
  options: [
    { name: "raw", help: "the log as it is, control sequences too" },
  ],
  details:
    `The log goes to standard output, everything else to standard error. The exit status is that of the run:
0 passed or neutral, 1 failed, 3 errored or aborted. Ctrl-C stops watching, not the run.
With --json each event is a line. ID is a run's number or its id.`,
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    const options = { isJson: given.has("json"), isRaw: given.has("raw") };
    return await watchRun(api, id, options, world);
  },
};
