/**
 * From the form of a job's page to the request that `POST /v1/executions` would
 * have got, and from what is wrong with it to the form's fields.
 * @module
 */
import type { JsonObject } from "../../../../core/json.ts";
import type { Typed } from "../../../../ui/kit/mod.ts";
import { executionTypeOf, type JobType, jobTypes } from "../execution_type.ts";
import { requestFaults } from "../request_rules.ts";
import { type CreateRequest, readCreateRequest } from "../create_request.ts";
import { readJson } from "../json_reader.ts";

/** Fields of one line; spaces around what was typed do not count. */
const lineFields = [
  "type",
  "repo",
  "base_ref",
  "base_sha",
  "pull_number",
  "pull_sha",
  "pull_author",
] as const;

const textFields = ["more_pulls", "envs", "labels", "annotations"] as const;

type FieldName = (typeof lineFields)[number] | (typeof textFields)[number];

/** Values by field; what is wrong stands beside its field, or by `form` for all of it. */
type Faults = Partial<Record<FieldName | "form", string>>;

/** A form as it was typed, and the request that it stands for; null when it cannot be made. */
export type Trigger = {
  readonly values: Typed["values"];
  readonly faults: Faults;
  readonly request: CreateRequest | null;
};

/** Reads the form of a job's page. */
export function readTrigger(fields: URLSearchParams, job: string): Trigger {
  const values = {
    ...valuesOf(lineFields, (name) => fields.get(name)?.trim()),
    ...valuesOf(textFields, (name) => fields.get(name) ?? undefined),
  };
  const type = jobTypes.find((each) => each === values.type);
  const pulls = readPulls(values);
  const maps = readMaps(values);
  const faults: Faults = { ...pulls.faults, ...maps.faults };
  if (Object.keys(faults).length > 0) return { values, faults, request: null };
  // By way of JSON, so that it is read as the API reads it.
  const request = readCreateRequest(readJson(JSON.stringify({
    job_name: job,
    job_execution_type: executionTypeOf(type ?? ""),
    ...type !== "periodic" && { refs: refsOf(values, pulls.pulls) },
    ...maps.options && { pod_spec_options: maps.options },
  })));
  return { values, faults: ruleFaults(request, values), request };
}

/** Beside which field an answer of the job's search belongs: there is no such job on the branch, several are, or a pull is missing. */
export function refusedField(
  code: "invalid" | "not_found" | "conflict",
  type: JobType | undefined,
): keyof Faults {
  if (type === undefined || type === "periodic") return "form";
  return code === "invalid" ? "pull_number" : "base_ref";
}

function valuesOf<Name extends string>(
  names: readonly Name[],
  read: (name: Name) => string | undefined,
): Partial<Record<Name, string>> {
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = read(name);
    if (value) values[name] = value;
  }
  return values;
}

type Values = Partial<Record<FieldName, string>>;
type Pull = {
  readonly number: number;
  readonly sha: string;
  readonly author: string;
};

function refsOf(values: Values, pulls: readonly Pull[]): JsonObject {
  const { repo: place = "", base_ref = "", base_sha = "" } = values;
  const slash = place.lastIndexOf("/");
  return {
    org: place.slice(0, Math.max(0, slash)),
    repo: place.slice(slash + 1),
    base_ref,
    base_sha,
    pulls,
  };
}

/** The pull request of the three fields, then those of the lines. */
function readPulls(values: Values): { pulls: Pull[]; faults: Faults } {
  const { pull_number = "", pull_sha = "", pull_author = "" } = values;
  const pulls: Pull[] = [];
  const faults: Faults = {};
  if (hasFirstPull(values)) {
    const number = readNumber(pull_number);
    if (number === null) faults.pull_number = "Write a number, such as 123";
    else pulls.push({ number, sha: pull_sha, author: pull_author });
  }
  for (const [at, line] of linesOf(values.more_pulls)) {
    const [first = "", sha = "", author = "", ...rest] = line.trim().split(
      /\s+/,
    );
    const number = readNumber(first);
    if (number === null || sha === "" || rest.length > 0) {
      faults.more_pulls ??=
        `Line ${at}: write number, commit and author, with spaces between them`;
    } else pulls.push({ number, sha, author });
  }
  return { pulls, faults };
}

function hasFirstPull(values: Values): boolean {
  return [values.pull_number, values.pull_sha, values.pull_author].some(
    Boolean,
  );
}

/** A number as the API takes it: 32 bits. */
function readNumber(text: string): number | null {
  const digits = text.replace(/^#/, "");
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
  return number > 0 && number <= 0x7fffffff ? number : null;
}

function readMaps(values: Values) {
  const faults: Faults = {};
  const maps = (["envs", "labels", "annotations"] as const).flatMap((name) => {
    const { pairs, fault } = readPairs(values[name]);
    if (fault !== null) faults[name] = fault;
    return pairs.size === 0 ? [] : [[name, Object.fromEntries(pairs)] as const];
  });
  return {
    faults,
    options: maps.length === 0 ? null : Object.fromEntries(maps),
  };
}

/** `NAME=VALUE` lines. A value is taken as it is, blanks at its end included. */
export function readPairs(
  text: string | undefined,
): { pairs: ReadonlyMap<string, string>; fault: string | null } {
  const pairs = new Map<string, string>();
  let fault: string | null = null;
  for (const [at, line] of linesOf(text)) {
    const sign = line.indexOf("=");
    const name = line.slice(0, Math.max(0, sign)).trim();
    if (sign < 0) fault ??= `Line ${at} has no "=": write NAME=VALUE`;
    else if (name === "") fault ??= `Line ${at} has no name: write NAME=VALUE`;
    else if (pairs.has(name)) {
      fault ??= `Line ${at} sets ${name} once more: leave one of them out`;
    } else pairs.set(name, line.slice(sign + 1));
  }
  return { pairs, fault };
}

/** Lines that are not blank, with their numbers. */
function linesOf(text = ""): (readonly [at: number, line: string])[] {
  return text.split(/\r\n|\r|\n/).map((line, at) => [at + 1, line] as const)
    .filter(([, line]) => line.trim() !== "");
}

/** What the API's own rules say, beside the fields that it is about; the first of each. */
function ruleFaults(request: CreateRequest, values: Values): Faults {
  const faults: Faults = {};
  for (const { at, message } of requestFaults(request)) {
    const field = fieldOf(at, hasFirstPull(values));
    const isMissing = field !== "form" && !values[field];
    faults[field] ??= isMissing ? "Fill this in" : message;
  }
  return faults;
}

function fieldOf(at: string, hasFirst: boolean): keyof Faults {
  const [, pull, part] = /^refs\.pulls\[(\d+)\]\.(\w+)$/.exec(at) ?? [];
  if (pull !== undefined) {
    if (pull !== "0" || !hasFirst) return "more_pulls";
    return part === "author" ? "pull_author" : "pull_sha";
  }
  switch (at) {
    case "refs.org":
    case "refs.repo":
      return "repo";
    case "refs.base_ref":
      return "base_ref";
    case "refs.base_sha":
      return "base_sha";
    case "pod_spec_options.envs":
      return "envs";
    case "pod_spec_options.labels":
      return "labels";
    case "pod_spec_options.annotations":
      return "annotations";
    default:
      return "form";
  }
}
