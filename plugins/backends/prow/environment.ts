import { expand } from "./expansion.ts";
import { refsText, sourcePlace } from "./refs.ts";
import type { Task } from "./task.ts";

/** The run that an environment is for. */
export type RunIdentity = { readonly id: string; readonly number: number };

/** The variables that Prow sets in a job's pod (wire section 4). */
export function prowEnvironment(
  task: Task,
  run: RunIdentity,
): Record<string, string> {
  return {
    CI: "true",
    JOB_NAME: task.job,
    JOB_TYPE: task.type,
    JOB_SPEC: JSON.stringify(jobSpec(task, run)),
    PROW_JOB_ID: run.id,
    BUILD_ID: String(run.number),
    BUILD_NUMBER: String(run.number),
    ...task.type !== "periodic" && baseEnvironment(task),
    ...task.type === "presubmit" && pullEnvironment(task),
  };
}

/**
 * The whole environment of a job's process: what it begins with, over it the job's
 * and the request's variables in their order, over all of it Prow's own, which nobody
 * can override (gangway 59).
 */
export function jobEnvironment(
  task: Task,
  run: RunIdentity,
  pod: {
    readonly begin: Readonly<Record<string, string>>;
    readonly artifacts: string;
    readonly gopath: string;
  },
): Record<string, string> {
  const env = new Map(Object.entries(pod.begin));
  for (const { name, value } of task.container?.env ?? []) {
    env.set(name, expand(value, env));
  }
  return {
    ...Object.fromEntries(env),
    ...prowEnvironment(task, run),
    ...task.decorated && { ARTIFACTS: pod.artifacts, GOPATH: pod.gopath },
  };
}

function jobSpec(task: Task, run: RunIdentity) {
  return {
    type: task.type,
    job: task.job,
    buildid: String(run.number),
    prowjobid: run.id,
    ...task.refs && { refs: task.refs },
    ...task.extraRefs.length > 0 && { extra_refs: task.extraRefs },
    ...task.decorated &&
      { decoration_config: task.decorationConfig ?? {} },
  };
}

function baseEnvironment({ refs }: Task): Record<string, string> {
  if (refs === null) return {};
  const source = sourcePlace(refs);
  return {
    REPO_OWNER: refs.org ?? "",
    REPO_NAME: refs.repo ?? "",
    SRC_HOST: source.host,
    SRC_BASE: source.base,
    PULL_BASE_REF: refs.base_ref ?? "",
    PULL_BASE_SHA: refs.base_sha ?? "",
    PULL_REFS: refsText(refs),
  };
}

function pullEnvironment({ refs }: Task): Record<string, string> {
  const [pull] = refs?.pulls ?? [];
  if (pull === undefined) return {};
  return {
    PULL_NUMBER: String(pull.number),
    PULL_PULL_SHA: pull.sha,
    PULL_HEAD_REF: pull.head_ref ?? "",
    PULL_TITLE: pull.title ?? "",
  };
}
