import { executionTypes } from "./execution_type.ts";
import type { JsonNode } from "./json_reader.ts";
import {
  bool,
  enumeration,
  int32,
  list,
  message,
  optional,
  text,
  textMap,
} from "./proto_json.ts";

const pull = message({
  number: int32,
  author: text,
  sha: text,
  title: text,
  ref: text,
  link: text,
  commit_link: text,
  author_link: text,
});

/** Gangway's `Refs`. */
export const gitRefs = message({
  org: text,
  repo: text,
  repo_link: text,
  base_ref: text,
  base_sha: text,
  base_link: text,
  pulls: list(pull),
  path_alias: text,
  work_dir: bool,
  clone_uri: text,
  skip_submodules: bool,
  clone_depth: int32,
  skip_fetch_head: bool,
});

const podSpecOptions = message({
  envs: textMap,
  labels: textMap,
  annotations: textMap,
});

/** Gangway's `CreateJobExecutionRequest` (wire section 1.3); fields in the order of their numbers, which is that of the echo. */
export const createRequest = message({
  job_name: text,
  job_execution_type: enumeration(executionTypes),
  refs: optional(gitRefs),
  pod_spec_options: optional(podSpecOptions),
});

/** A pull request, as Gangway takes and echoes it. */
export type PullRef = typeof pull.unset;

/** The commit to test, as Gangway takes and echoes it. */
export type GitRefs = typeof gitRefs.unset;

/** What the caller adds to the job's pod. */
export type PodSpecOptions = typeof podSpecOptions.unset;

/** A request to run a job. */
export type CreateRequest = typeof createRequest.unset;

/**
 * Reads the body of a create call. A job named by the path wins over one in the body (gangway 3).
 *
 * @throws ApiError `invalid` that names the field.
 */
export function readCreateRequest(
  body: JsonNode,
  jobName?: string,
): CreateRequest {
  const request = createRequest.read(body, "", createRequest.unset);
  return jobName === undefined ? request : { ...request, job_name: jobName };
}

/**
 * The request without the envs that have a name but no value: gangway-cli
 * always sends two, filled in or not (gangway 41).
 */
export function withoutEmptyEnvs(request: CreateRequest): CreateRequest {
  const options = request.pod_spec_options;
  if (options === undefined) return request;
  const envs = Object.fromEntries(
    Object.entries(options.envs).filter(([name, value]) =>
      name === "" || value !== ""
    ),
  );
  return { ...request, pod_spec_options: { ...options, envs } };
}
