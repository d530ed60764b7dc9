import { type Refs, refsText } from "../refs.ts";
import type { Task } from "../task.ts";
import type { CloneRecord } from "./clone_record.ts";

/** The text of `started.json` (Prow pkg/pod-utils/downwardapi, refsToStarted). */
export function startedJson(
  task: Pick<Task, "refs" | "extraRefs">,
  records: readonly CloneRecord[],
  nowMs: number,
): string {
  const { refs, extraRefs } = task;
  const main = mainRefs(task);
  const version = records.find((record) => record.refs === main)?.finalSha ||
    revision(task);
  const pull = refs?.pulls?.[0];
  const repos = [...refs ? [refs] : [], ...extraRefs].map((each) => [
    `${each.org ?? ""}/${each.repo ?? ""}`,
    refsText(each),
  ]);
  return JSON.stringify({
    timestamp: Math.floor(nowMs / 1000),
    ...pull && { pull: String(pull.number) },
    ...repos.length > 0 && { repos: Object.fromEntries(repos) },
    ...version && { "repo-commit": version, "repo-version": version },
  });
}

/** What the job is about: its first pull's commit, else its base. Empty when it is about no repository. */
export function revision(
  task: Pick<Task, "refs" | "extraRefs">,
): string {
  const main = mainRefs(task);
  return main?.pulls?.[0]?.sha || main?.base_sha || main?.base_ref || "";
}

/** The job's repository; a periodic's is its first extra one that is not auxiliary. */
function mainRefs(
  { refs, extraRefs }: Pick<Task, "refs" | "extraRefs">,
): Refs | null {
  return refs ?? extraRefs.find(({ auxiliary }) => auxiliary !== true) ?? null;
}
