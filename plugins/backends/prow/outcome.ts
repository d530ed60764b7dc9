import type { Description } from "../../../core/backend.ts";
import type { Json } from "../../../core/json.ts";
import type { End, Outcome, Run } from "../../../core/run.ts";
import { executionStatus } from "./execution_status.ts";

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
    title: `${run.job} #${run.number}`,
    facts: [
      { name: "Job", value: run.job },
      { name: "Type", value: String(type) },
      { name: "Status", value: executionStatus(run.state) },
      { name: "Build", value: String(run.number) },
      { name: "Cluster", value: run.labels.cluster ?? "" },
      ...refsFacts(refs ?? null),
    ],
    links: [{ name: "Execution", href: `/v1/executions/${run.id}` }],
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
