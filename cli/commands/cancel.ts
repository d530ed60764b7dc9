import { pathPart } from "../api.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { type ExitStatus, exitStatus } from "../exit_status.ts";
import { Refused } from "../failure.ts";
import { endOf, type Run, runSchema } from "../run.ts";
import { jsonText } from "../terminal_text.ts";

/** `slipway cancel` */
export const cancel: Command = {
  name: "cancel",
  summary: "Stop runs",
  words: [{ name: "ID", isList: true }],
  options: [],
  details:
    "A waiting run ends at once; the runner of a running one is told to stop it. An ended one stays as it is.",
  async run(given, world) {
    const api = await connect(given, world);
    let worst: ExitStatus = exitStatus.passed;
    for (const id of given.words) {
      const path = `/v1/runs/${pathPart(id)}/cancel`;
      const request = { method: "POST", path, isRepeatable: true } as const;
      try {
        const run = await api.json(request, runSchema);
        if (given.has("json")) world.screen.print(jsonText(run));
        else world.screen.tell(cancelLine(run));
      } catch (error) {
        // The others are to be stopped all the same.
        if (!(error instanceof Refused)) throw error;
        const { message, exitStatus } = error;
        world.screen.tell(
          given.has("json")
            ? jsonText({ id, error: message, exitStatus })
            : message,
        );
        if (error.exitStatus > worst) worst = error.exitStatus;
      }
    }
    return worst;
  },
};

function cancelLine(run: Run): string {
  return endOf(run) === null
    ? `Run ${run.number} is ${run.state}; its runner is told to stop it.`
    : `Run ${run.number} is ${run.state}.`;
}
