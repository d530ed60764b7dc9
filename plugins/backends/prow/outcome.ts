import type { Description } from "../../../core/backend.ts";
import type { Json } from "../../../core/json.ts";
import type { End, Outcome, Run } from "../../../core/run.ts";
import {
  type ShownRequest,
  withoutEmpty,
} from "../../../core/shown_request.ts";
import { executionTypeOf } from "./execution_type.ts";
import { executionStatus } from "./execution_status.ts";
import { jobPath } from "./pages/job_path.ts";

/**
 * What an end means to Prow, in plank's words. A job that outlives its timeout
 * has failed: Prow's entrypoint kills it and reports a failure.
 */
export function outcome(end: End): Outcome {
  switch (end.kind) {
    case "exited":
      return end.exitCode === 0
        ? { state: "passed", message: "Job succeeded." }
        : { state: "failed", message: "Job failed." };
    case "timed_out":
      return {
        state: "failed",
        message:
          `Job failed: it was stopped after its timeout of ${end.timeoutSeconds} s.`,
      };
    case "cancelled":
      return { state: "aborted", message: "Job aborted." };
    case "not_started":
      return { state: "errored", message: `Job cannot start: ${end.reason}` };
    case "lost":
      return { state: "errored", message: "Job lost: its runner fell silent." };
    default:
      return end satisfies never;
  }
}

/** A run for people. */
export function describe(run: Run): Description {
  const { type, refs } = run.request;
  return {
    title: run.job,
    facts: [
      { name: "Job", value: run.job },
      { name: "Type", value: String(type) },
      { name: "Status", value: executionStatus(run.state) },
      { name: "Build", value: String(run.number) },
      { name: "Cluster", value: run.labels.cluster ?? "" },
      ...refsFacts(refs ?? null),
    ],
    links: [
      { name: "Job", href: jobPath(run.job) },
      { name: "Execution", href: `/v1/executions/${run.id}` },
    ],
    request: repeated(run),
  };
}

/** The create call that a run came from; proto3 tells no empty field from one that is not there. */
function repeated({ job, request }: Run): ShownRequest {
  const { type, refs, pod_spec_options } = request;
  const asked = withoutEmpty({
    refs: refs ?? null,
    pod_spec_options: pod_spec_options ?? null,
  });
  return {
    method: "POST",
    path: ["v1", "executions"],
    credential: "bearer",
    body: {
      kind: "json",
      value: {
        job_name: job,
        job_execution_type: executionTypeOf(String(type)),
        ...asked,
      },
    },
  };
}

function refsFacts(refs: Json): Description["facts"] {
  if (typeof refs !== "object" || refs === null || !("org" in refs)) return [];
  const { org, repo, base_ref, base_sha, pulls } = refs;
  const numbers = Array.isArray(pulls)
    ? pulls.map((pull) => `#${pull?.number}`)
    : [];
  return [
    { name: "Repository", value: `${org}/${repo}` },
    { name: "Base", value: `${base_ref} at ${base_sha}` },
    ...numbers.length > 0 ? [{ name: "Pulls", value: numbers.join(", ") }] : [],
  ];
}
