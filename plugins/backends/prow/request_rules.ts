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

/** One thing that is wrong with a request. */
export type RequestFault = {
  /** Path of the field: `refs.base_ref`, `refs.pulls[0].sha`, `pod_spec_options.envs`. */
  readonly at: string;
  /** In Gangway's words where Gangway refuses it too. */
  readonly message: string;
};

/** The first of `requestFaults`, which is all that an API tells; null when there is none. */
export function requestFault(request: CreateRequest): string | null {
  const [first] = requestFaults(request).take(1);
  return first?.message ?? null;
}

/**
 * All that is wrong with a request: the checks of Gangway in its order
 * and with its texts (wire section 1.4, A), then what Kubernetes would refuse
 * only after the job was accepted.
 */
export function* requestFaults(
  request: CreateRequest,
): Generator<RequestFault> {
  const type = executionTypeText(request.job_execution_type);
  const { refs, pod_spec_options: options } = request;
  if (request.job_name === "") {
    yield { at: "job_name", message: "job_name field cannot be empty" };
  }
  if (request.job_execution_type === 0) {
    const message = `unsupported JobExecutionType: ${type}`;
    yield { at: "job_execution_type", message };
  }
  if (type === "PERIODIC" && refs !== undefined) {
    const message = "periodic jobs cannot also have gitRefs";
    yield { at: "refs", message };
  }
  if (type !== "PERIODIC" && refs === undefined) {
    const message = `gitRefs must be defined for ${quote(type)}`;
    yield { at: "refs", message };
  }
  if (type !== "PERIODIC" && refs !== undefined) {
    for (const { at, message } of refsFaults(refs)) {
      yield { at, message: `gitRefs: failed to validate: ${message}` };
    }
  }
  if (options === undefined) return;
  yield* optionsFaults(options);
  yield* nameFaults(options);
}

/** A text as Go's `%q` prints it, which the clients' log searches know. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function* refsFaults(refs: GitRefs): Generator<RequestFault> {
  for (const [name, words] of neededRefs) {
    if (refs[name] !== "") continue;
    const message = `gitRefs: ${words} cannot be empty`;
    yield { at: `refs.${name}`, message };
  }
  for (const [at, { sha }] of refs.pulls.entries()) {
    if (/^[0-9a-f]{40}$/.test(sha)) continue;
    const message = `pull: invalid SHA: ${quote(sha)}`;
    yield { at: `refs.pulls[${at}].sha`, message };
  }
  yield* nulFaults(refs, "refs");
  for (const [at, pull] of refs.pulls.entries()) {
    yield* nulFaults(pull, `refs.pulls[${at}]`);
  }
}

const neededRefs = [
  ["org", "Org"],
  ["repo", "Repo"],
  ["base_ref", "BaseRef"],
  ["base_sha", "BaseSha"],
] as const;

/** What a job gets as environment and arguments cannot hold a NUL. */
function* nulFaults(part: object, place: string): Generator<RequestFault> {
  for (const [name, value] of Object.entries(part)) {
    if (typeof value !== "string" || !value.includes("\0")) continue;
    const message = `${name} cannot hold a NUL character`;
    yield { at: `${place}.${name}`, message };
  }
}

const podSpecMaps = [
  ["envs", "environment variable"],
  ["labels", "label"],
  ["annotations", "annotation"],
] as const;

function* optionsFaults(options: PodSpecOptions): Generator<RequestFault> {
  for (const [name, noun] of podSpecMaps) {
    const at = `pod_spec_options.${name}`;
    for (const pair of Object.entries(options[name])) {
      if (!pair.includes("")) continue;
      const words = pair.map(quote).join(", ");
      yield { at, message: `invalid ${noun} key/value pair: ${words}` };
    }
    if (name !== "labels") continue;
    for (const value of Object.values(options.labels)) {
      const faults = labelValueFaults(value);
      if (faults.length === 0) continue;
      const words = faults.map(quote).join(" ");
      const message = `invalid label: the following errors found: [${words}]`;
      yield { at, message };
    }
  }
}

function* nameFaults(options: PodSpecOptions): Generator<RequestFault> {
  for (const [name, value] of Object.entries(options.envs)) {
    const at = "pod_spec_options.envs";
    const fault = envNameFault(name);
    if (fault !== null) {
      const message = `invalid environment variable name ${
        quote(name)
      }: ${fault}`;
      yield { at, message };
    }
    if (value.includes("\0")) {
      const message = `invalid environment variable ${
        quote(name)
      }: its value cannot hold a NUL character`;
      yield { at, message };
    }
  }
  for (const [name, noun] of podSpecMaps) {
    if (name === "envs") continue;
    for (const key of Object.keys(options[name])) {
      const fault = qualifiedNameFault(key);
      if (fault === null) continue;
      const message = `invalid ${noun} key ${quote(key)}: ${fault}`;
      yield { at: `pod_spec_options.${name}`, message };
    }
  }
}
