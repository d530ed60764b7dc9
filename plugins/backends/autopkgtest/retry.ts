import type { BackendContext, PlanRetry, Runs } from "../../../core/backend.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Run, RunState } from "../../../core/run.ts";
import { mayRead } from "../../../core/access.ts";
import { readSourceNames, refusedSources } from "./extra_source.ts";
import type { Options } from "./options.ts";
import { readPins } from "./pin.ts";
import { Refusal } from "./refusal.ts";
import type { RejectList } from "./reject_list.ts";
import { type TargetedTest, toSubmission } from "./submission.ts";
import { checkTarget, defaultPriority } from "./target.ts";
import type { Rules } from "./test_item.ts";

/** What of a request makes two tests equal, beside package, owner and privacy. */
const parameters = [
  "suite",
  "arch",
  "trigger",
  "pin_packages",
  "extra_apt_sources",
] as const;

const pending: readonly RunState[] = [
  "scheduled",
  "queued",
  "claimed",
  "running",
];

/**
 * The run that a retry is about, for somebody who may see it. The number is read as far as it is one (wire 1.9).
 *
 * @throws Refusal with debci's text, alike for a run that is not there and for one that is private to somebody else.
 */
export async function findRetried(
  runs: Runs,
  runId: string,
  caller: Principal,
): Promise<Run> {
  const digits = /^\s*\+?0*(\d{1,15})(?!\d)/.exec(runId)?.[1];
  const run = digits === undefined
    ? null
    : await runs.findByNumber(Number(digits));
  if (run !== null && mayRead(run, caller)) return run;
  throw new Refusal(`Job ID not known: ${runId}`);
}

/**
 * Whoever may see a test may have it once more, as its owner's (wire 1.9). The
 * plan throws Refusal in debci's words.
 */
export function planRetries(
  { options }: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): PlanRetry {
  return async (run, caller) => {
    const again = readAgain(run, { options, caller });
    const rejectList = await openList();
    if (rejectList.isRejected({ ...again.target, package: run.job })) {
      throw new Refusal(
        `Package ${run.job} is in the REJECT list and cannot be retried`,
        [],
        "forbidden",
      );
    }
    const batch = { priority: defaultPriority, rejectList };
    const submission = toSubmission(again, batch, options);
    return { submission, owner: run.owner };
  };
}

/**
 * The test of a run once more, checked as if it were asked for now: the operator may
 * have taken a suite or a source away, and the caller may be another.
 *
 * @throws Refusal that says why it cannot be retried.
 */
function readAgain(run: Run, rules: Rules): TargetedTest {
  const { request } = run;
  const { options, caller } = rules;
  const target = { suite: text(request.suite), arch: text(request.arch) };
  checkTarget(target, options);
  const cannot = `Cannot retry job ${run.number}`;
  const pins = readPins(request.pin_packages, options.suites);
  if (typeof pins === "string") throw new Refusal(`${cannot}: ${pins}\n`);
  const names = readSourceNames(request.extra_apt_sources) ?? [];
  const refused = refusedSources(names, options.extraAptSources, caller);
  if (refused.length > 0) {
    throw new Refusal(
      `${cannot}: it wants extra apt sources that you may not use or that are there no longer: ${
        refused.join(", ")
      }\n`,
    );
  }
  const { trigger } = request;
  return {
    target,
    test: {
      package: run.job,
      trigger: typeof trigger === "string" ? trigger : null,
      isPrivate: run.isPrivate,
      extraSources: names,
      ...pins,
    },
  };
}

/** How many tests of the same owner with the same parameters are not over. */
export async function countEqualPending(
  runs: Runs,
  run: Run,
  reader: Principal,
): Promise<number> {
  const others = await runs.summaries({
    job: run.job,
    owner: run.owner.account,
    reader,
    states: pending,
  }, parameters);
  const key = parametersKey(run.request);
  return others.filter(({ request, isPrivate }) =>
    isPrivate === run.isPrivate && parametersKey(request) === key
  ).length;
}

function parametersKey(request: JsonObject): string {
  return JSON.stringify(parameters.map((name) => request[name] ?? null));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
