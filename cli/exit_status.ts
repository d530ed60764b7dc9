import type { EndState } from "../core/run.ts";

/** How the command ends, for scripts. Above 4 are the shell's own: Ctrl-C and a reader that has gone. */
export const exitStatus = {
  passed: 0,
  failed: 1,
  usage: 2,
  infrastructure: 3,
  notAllowed: 4,
  interrupted: 130,
  brokenPipe: 141,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What a run's end means to who waited for it. An end without a verdict on the work is the infrastructure's. */
export function statusOfEnd(state: EndState): ExitStatus {
  switch (state) {
    case "passed":
    case "neutral":
      return exitStatus.passed;
    case "failed":
      return exitStatus.failed;
    case "errored":
    case "aborted":
      return exitStatus.infrastructure;
    default:
      return state satisfies never;
  }
}

/** What a refusal of the server means, by its HTTP status. */
export function statusOfRefusal(httpStatus: number): ExitStatus {
  if (httpStatus === 401 || httpStatus === 403) return exitStatus.notAllowed;
  const isAsked = httpStatus >= 400 && httpStatus < 500;
  return isAsked && ![407, 408, 425, 429].includes(httpStatus)
    ? exitStatus.usage
    : exitStatus.infrastructure;
}
