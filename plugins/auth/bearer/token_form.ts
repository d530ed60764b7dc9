import type * as z from "zod";
import { type Typed, typedValues } from "../../../ui/kit/mod.ts";
import { limitFault } from "./token_limit.ts";
import {
  type Make,
  makeSchema,
  type Rotate,
  rotateSchema,
} from "./token_request.ts";

/** What a form says: what it means, or what was typed with what is wrong with it. */
export type Read<T> = { readonly wanted: T } | { readonly typed: Typed };

/** Reads the form for a new token. What is left empty is as in `POST /v1/tokens`. */
export function readMakeForm(
  fields: URLSearchParams,
  backends: readonly string[],
): Read<Make> {
  const { group = "", description, expires, scope, jobs } = typedValues(fields);
  const asked = {
    group,
    description,
    expires: expires || undefined,
    scope: scope ? scope.split(/[\s,]+/) : undefined,
    jobs: jobs?.split(/\r?\n/).map((line) => line.trim()).filter((line) =>
      line !== ""
    ),
    backends: fields.getAll("backends"),
  };
  const read = readAs(makeSchema, asked, fields);
  if ("typed" in read) return read;
  const { wanted } = read;
  const jobsFault = limitFault({ jobs: wanted.jobs }, backends);
  const backendFault = limitFault({ backends: wanted.backends }, backends);
  const faults = {
    ...jobsFault === null ? {} : { jobs: jobsFault },
    ...backendFault === null ? {} : { backends: backendFault },
  };
  return Object.keys(faults).length === 0
    ? read
    : { typed: { values: typedOf(fields), faults } };
}

/** Reads the form for a token's successor. What is left empty is as in `POST /v1/tokens/{id}/rotate`. */
export function readRotateForm(fields: URLSearchParams): Read<Rotate> {
  const { grace, expires } = typedValues(fields);
  const asked = {
    grace: grace || undefined,
    expires: expires || undefined,
  };
  return readAs(rotateSchema, asked, fields);
}

/** What was typed, with all of the backends in one. */
export function typedOf(fields: URLSearchParams): Record<string, string> {
  return {
    ...typedValues(fields),
    backends: fields.getAll("backends").join(" "),
  };
}

function readAs<Schema extends z.ZodType>(
  schema: Schema,
  asked: Readonly<Record<string, unknown>>,
  fields: URLSearchParams,
): Read<z.output<Schema>> {
  const parsed = schema.safeParse(asked);
  if (parsed.success) return { wanted: parsed.data };
  const faults: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) {
    const [name, at] = path;
    const list = asked[String(name)];
    // One of several in a field: say which.
    const which = Array.isArray(list) && typeof at === "number"
      ? `${JSON.stringify(list[at])}: `
      : "";
    faults[String(name)] ??= which + message;
  }
  return { typed: { values: typedOf(fields), faults } };
}
