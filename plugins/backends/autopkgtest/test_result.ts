import type { Json } from "../../../core/json.ts";
import { isEnd, type RunSummary } from "../../../core/run.ts";
import { toIso } from "../../../core/iso_time.ts";
import type { Finding } from "./history.ts";
import { statusOf } from "./outcome.ts";

/** What a result is made of, beside what is known of a test only once it is over. */
export type ListedTest =
  & Pick<
    RunSummary,
    | "number"
    | "job"
    | "request"
    | "state"
    | "isPrivate"
    | "createdAt"
    | "updatedAt"
    | "startedAt"
    | "finishedAt"
    | "message"
  >
  & { readonly owner: Pick<RunSummary["owner"], "account"> };

/**
 * A test as debci's job: 24 keys in debci's order (wire 1.6). It has no
 * status until it is final; a cancelled one has no finding.
 */
export function toTestResult(
  test: ListedTest,
  finding: Finding | null,
): { readonly [key: string]: Json } {
  const { request, state, finishedAt } = test;
  const seconds = durationSeconds(test);
  const found = isEnd(state) ? finding : null;
  return {
    run_id: test.number,
    created_at: toIso(test.createdAt),
    updated_at: toIso(test.updatedAt),
    suite: request.suite ?? null,
    arch: request.arch ?? null,
    version: found?.version ?? null,
    trigger: request.trigger ?? null,
    status: isEnd(state) ? statusOf[state] : null,
    pin_packages: request.pin_packages ?? [],
    date: finishedAt === null ? null : toIso(finishedAt),
    duration_seconds: seconds,
    last_pass_date: found?.lastPass ? toIso(found.lastPass.finishedAt) : null,
    last_pass_version: found?.lastPass?.version ?? null,
    message: isEnd(state) && !wasRejected(test) ? test.message : null,
    previous_status: found?.previousState
      ? statusOf[found.previousState]
      : null,
    package_id: request.package_id ?? null,
    requestor_id: test.owner.account,
    is_private: test.isPrivate,
    extra_apt_sources: request.extra_apt_sources ?? [],
    worker_id: found?.workerId ?? null,
    log_size: found?.logBytes ?? null,
    artifacts_size: found?.artifactsBytes ?? null,
    duration_human: durationHuman(seconds),
    package: test.job,
  };
}

/** Seconds as debci writes them: `1h 1m 1s`, `12s`, `(n/a)`. */
export function durationHuman(seconds: number | null): string {
  if (seconds === null) return "(n/a)";
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(hours > 0 || minutes > 0 ? [`${minutes}m`] : []),
    `${seconds % 60}s`,
  ].join(" ");
}

/** Nothing else fails without a start; debci says nothing of it (wire 1.5). */
function wasRejected(
  { state, startedAt }: Pick<ListedTest, "state" | "startedAt">,
): boolean {
  return state === "failed" && startedAt === null;
}

function durationSeconds(
  { startedAt, finishedAt }: Pick<ListedTest, "startedAt" | "finishedAt">,
): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return Math.max(0, Math.floor((finishedAt - startedAt) / 1000));
}
