import type { Json, JsonObject } from "./json.ts";

/**
 * A request as people repeat it from a command line: what a backend says of how
 * a run was asked for. Names in it may be anybody's words; whoever prints it quotes them.
 */
export type ShownRequest = {
  readonly method: "POST";
  /** The parts between the slashes, as they are before they are encoded; none is `.` or `..`. */
  readonly path: readonly string[];
  /** Which header signs in: `Authorization: Bearer $TOKEN`, `Auth-Key: $KEY`. */
  readonly credential: "bearer" | "auth-key";
  /** Media type of the answer, where the dialect asks for a choice. */
  readonly accept?: "application/json";
  readonly body:
    | { readonly kind: "json"; readonly value: JsonObject }
    | {
      readonly kind: "form";
      readonly fields: readonly (readonly [string, string])[];
    };
};

/** A JSON object without what is empty in it, at any depth: "", 0, false, null, {} and []. */
export function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, prune(value)] as const)
      .filter(([, value]) => !isEmpty(value)),
  );
}

function prune(value: Json): Json {
  if (isList(value)) return value.map(prune);
  return typeof value === "object" && value !== null
    ? withoutEmpty(value)
    : value;
}

function isEmpty(value: Json): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.keys(value).length === 0;
  }
  return value === null || value === "" || value === 0 || value === false;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
