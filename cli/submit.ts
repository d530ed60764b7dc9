import type { Answer } from "./answer.ts";
import type { Api, ApiRequest } from "./api.ts";
import type { Arguments } from "./arguments.ts";
import { type ExitStatus, exitStatus } from "./exit_status.ts";
import { Failure, Interrupted, Refused, Unreachable } from "./failure.ts";
import type { Option } from "./option.ts";
import { type Run, runSchema } from "./run.ts";
import { jsonText, printable } from "./terminal_text.ts";
import { watchRun } from "./watch.ts";
import type { World } from "./world.ts";
import { pathPart } from "./api.ts";

/** Options of every command that makes a run. */
export const submitOptions: readonly Option[] = [
  { name: "watch", short: "w", help: "show its states and log until it ends" },
  {
    name: "raw",
    help: "with --watch: the log as it is, control sequences too",
  },
  {
    name: "idempotency-key",
    value: "KEY",
    help:
      "a key of your own: the same command with the same key makes no second run",
  },
];

/**
 * Sends what makes a run, with an Idempotency-Key: sent again after a lost answer, it makes no second one.
 *
 * @throws Failure; one that leaves in doubt whether the run was made says how to find out.
 */
export async function submitOnce(
  api: Api,
  request: ApiRequest,
  given: Arguments,
  world: World,
): Promise<Answer> {
  const idempotencyKey = given.text("idempotency-key") ?? world.uuid();
  try {
    const answer = await api.ask({ ...request, idempotencyKey });
    if (answer.headers.has("idempotency-replayed")) {
      world.screen.tell("An earlier request with this key has made it.");
    }
    return answer;
  } catch (error) {
    throw isInDoubt(error) ? doubtful(error, idempotencyKey) : error;
  }
}

/** Tells of the new run, or watches it. */
export async function reportMade(
  api: Api,
  id: string,
  given: Arguments,
  world: World,
): Promise<ExitStatus> {
  const [isJson, isRaw] = [given.has("json"), given.has("raw")];
  if (given.has("watch")) {
    return await watchRun(api, id, { isJson, isRaw }, world);
  }
  const path = `/v1/runs/${pathPart(id)}`;
  const run = await api.json({ path }, runSchema).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    world.screen.tell(`The run is made, but cannot be shown. ${error.message}`);
    return null;
  });
  report(run, id, isJson, world);
  return exitStatus.passed;
}

function report(
  run: Run | null,
  id: string,
  isJson: boolean,
  { screen }: World,
): void {
  if (isJson) return screen.print(jsonText(run ?? { id }));
  if (run !== null) {
    screen.tell(
      `Run ${run.number} of ${printable(run.job)} is ${run.state} (${run.id}).`,
    );
    screen.tell(`Watch it with slipway watch ${run.number}; its number:`);
  }
  screen.print(printable(String(run?.number ?? id)));
}

function isInDoubt(error: unknown): error is Failure {
  return error instanceof Interrupted ||
    error instanceof Unreachable && error.wasSent ||
    error instanceof Refused && error.httpStatus >= 500;
}

function doubtful(error: Failure, key: string): Failure {
  return new Failure(
    `${error.message}. Nobody knows whether the run is made: the same command with --idempotency-key ${key} finds out, and makes no second one`,
    error.exitStatus,
  );
}
