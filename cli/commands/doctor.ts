import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { type ExitStatus, exitStatus } from "../exit_status.ts";
import { examine, type Finding } from "../health.ts";
import { jsonText } from "../terminal_text.ts";

/** `slipway doctor` */
export const doctor: Command = {
  name: "doctor",
  summary: "Find out why slipway does not work, and say what to do",
  words: [],
  options: [],
  details:
    "Looks at the configuration, the server's URL, its certificate, clock, version and readiness, and the credential.",
  async run(given, world) {
    const api = await connect(given, world);
    let worst: ExitStatus = exitStatus.passed;
    for await (const finding of examine(api, world.config)) {
      if (given.has("json")) world.screen.print(jsonText(finding));
      else world.screen.tell(findingLine(finding));
      worst = worse(worst, finding.exitStatus);
    }
    return worst;
  },
};

function findingLine({ what, verdict, says }: Finding): string {
  const mark =
    { fine: "ok     ", doubtful: "warning", bad: "BAD    " }[verdict];
  return `${mark}  ${what}: ${says}`;
}

/** What keeps everybody out counts for more than what keeps one out. */
function worse(one: ExitStatus, other: ExitStatus): ExitStatus {
  const order: readonly ExitStatus[] = [
    exitStatus.passed,
    exitStatus.notAllowed,
    exitStatus.usage,
    exitStatus.infrastructure,
  ];
  return order.indexOf(other) > order.indexOf(one) ? other : one;
}
