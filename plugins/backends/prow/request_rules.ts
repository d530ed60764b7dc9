import type {
  CreateRequest,
  GitRefs,
  PodSpecOptions,
} from "./create_request.ts";
import { executionTypeText } from "./execution_type.ts";
import {
  envNameFault,
  labelValueFaults,
  qualifiedNameFault,
} from "./kubernetes_name.ts";
import type { TextMap } from "./proto_json.ts";

/**
 * What is wrong with a request, or null: the checks of Gangway in its order
 * and with its texts (wire section 1.4, A), then what Kubernetes would refuse
 * only after the job was accepted.
 */
export function requestFault(request: CreateRequest): string | null {
  const type = executionTypeText(request.job_execution_type);
  if (request.job_name === "") return "job_name field cannot be empty";
  if (request.job_execution_type === 0) {
    return `unsupported JobExecutionType: ${type}`;
  }
  if (type === "PERIODIC" && request.refs !== undefined) {
    return "periodic jobs cannot also have gitRefs";
  }
  if (type !== "PERIODIC") {
    if (request.refs === undefined) {
      return `gitRefs must be defined for ${quote(type)}`;
    }
    const fault = refsFault(request.refs);
    if (fault !== null) return `gitRefs: failed to validate: ${fault}`;
  }
  const options = request.pod_spec_options;
  if (options === undefined) return null;
  return optionsFault(options) ?? nameFault(options);
}

/** A text as Go's `%q` prints it, which the clients' log searches know. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function refsFault(refs: GitRefs): string | null {
  if (refs.org === "") return "gitRefs: Org cannot be empty";
  if (refs.repo === "") return "gitRefs: Repo cannot be empty";
  if (refs.base_ref === "") return "gitRefs: BaseRef cannot be empty";
  if (refs.base_sha === "") return "gitRefs: BaseSha cannot be empty";
  const bad = refs.pulls.find(({ sha }) => !/^[0-9a-f]{40}$/.test(sha));
  return bad ? `pull: invalid SHA: ${quote(bad.sha)}` : nulFault(refs);
}

/** What a job gets as environment and arguments cannot hold a NUL. */
function nulFault(refs: GitRefs): string | null {
  for (const part of [refs, ...refs.pulls]) {
    for (const [name, value] of Object.entries(part)) {
      if (typeof value === "string" && value.includes("\0")) {
        return `${name} cannot hold a NUL character`;
      }
    }
  }
  return null;
}

function optionsFault(options: PodSpecOptions): string | null {
  return emptyPair("environment variable", options.envs) ??
    emptyPair("label", options.labels) ??
    labelsFault(options.labels) ??
    emptyPair("annotation", options.annotations);
}

function emptyPair(noun: string, map: TextMap): string | null {
  const pair = Object.entries(map).find((pair) => pair.includes(""));
  if (pair === undefined) return null;
  return `invalid ${noun} key/value pair: ${pair.map(quote).join(", ")}`;
}

function labelsFault(labels: TextMap): string | null {
  for (const value of Object.values(labels)) {
    const faults = labelValueFaults(value);
    if (faults.length > 0) {
      return `invalid label: the following errors found: [${
        faults.map(quote).join(" ")
      }]`;
    }
  }
  return null;
}

function nameFault(options: PodSpecOptions): string | null {
  for (const [name, value] of Object.entries(options.envs)) {
    const fault = envNameFault(name);
    if (fault !== null) {
      return `invalid environment variable name ${quote(name)}: ${fault}`;
    }
    if (value.includes("\0")) {
      return `invalid environment variable ${
        quote(name)
      }: its value cannot hold a NUL character`;
    }
  }
  for (const noun of ["label", "annotation"] as const) {
    for (const key of Object.keys(options[`${noun}s`])) {
      const fault = qualifiedNameFault(key);
      if (fault !== null) return `invalid ${noun} key ${quote(key)}: ${fault}`;
    }
  }
  return null;
}
