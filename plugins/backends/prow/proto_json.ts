/**
 * Reads JSON into protobuf messages as the transcoder in front of Gangway does
 * (grpc-httpjson-transcoding; wire rules 1.10): names in snake_case or
 * camelCase, `null` as unset, enums by name or number, unknown fields ignored,
 * and no other coercion than the one listed at each kind of field.
 */
import { ApiError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { JsonMembers, JsonNode } from "./json_reader.ts";

/** One kind of field. */
export type Field<T> = {
  /** The value of a field that is not there. */
  readonly unset: T;
  /** For the OpenAPI document. */
  readonly schema: JsonObject;
  /**
   * Reads the value at a path. `before` is what the same field had already
   * given under its other spelling: messages, maps and lists add to it.
   */
  read(node: JsonNode, path: string, before: T): T;
};

/** Text by key: a protobuf `map<string, string>`. */
export type TextMap = { readonly [key: string]: string };

/** The value of a message with the given fields, in their order. */
export type Message<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Field<infer T> ? T
    : never;
};

/** A string, and nothing that could become one. */
export const text: Field<string> = {
  unset: "",
  schema: { type: "string" },
  read(node, path) {
    if (typeof node !== "string") throw wrong(path, "expected a string");
    // A protobuf string is UTF-8, which half of a surrogate pair has no place in.
    if (!node.isWellFormed()) throw wrong(path, "expected valid Unicode");
    return node;
  },
};

/** A 32-bit integer; `5.0` and `"5"` are integers too. */
export const int32: Field<number> = {
  unset: 0,
  schema: { type: "integer", format: "int32" },
  read(node, path) {
    const digits = typeof node === "string" && /^-?\d+$/.test(node);
    const value = digits ? Number(node) : node;
    if (typeof value !== "number" || value !== (value | 0)) {
      throw wrong(path, "expected a 32-bit integer");
    }
    return value | 0;
  },
};

/** A truth value; also the words for one, as a string. */
export const bool: Field<boolean> = {
  unset: false,
  schema: { type: "boolean" },
  read(node, path) {
    if (typeof node === "boolean") return node;
    const word = typeof node === "string" ? node.toLowerCase() : "";
    if (["true", "t", "yes", "y", "1"].includes(word)) return true;
    if (["false", "f", "no", "n", "0"].includes(word)) return false;
    throw wrong(path, "expected true or false");
  },
};

/** An enum whose names stand at their numbers. A number that has no name is passed on; a string must be a name or the number of one. */
export function enumeration(names: readonly string[]): Field<number> {
  return {
    unset: 0,
    schema: { type: "string", enum: names },
    read(node, path) {
      const found = typeof node === "string" ? enumNumber(names, node) : node;
      if (typeof found !== "number" || found !== (found | 0)) {
        throw wrong(path, `expected one of ${names.join(", ")}`);
      }
      return found | 0;
    },
  };
}

/** The number of an enum's value given as text: its case-sensitive name or its number. */
export function enumNumber(
  names: readonly string[],
  value: string,
): number | null {
  const number = /^\d+$/.test(value) ? Number(value) : names.indexOf(value);
  return number in names ? number : null;
}

/** A map of strings. A `null` value is an entry with an empty one; a repeated key is refused. */
export const textMap: Field<TextMap> = {
  unset: {},
  schema: { type: "object", additionalProperties: { type: "string" } },
  read(node, path, before) {
    const seen = new Set<string>();
    const entries = membersOf(node, path).map(([key, value]) => {
      if (seen.has(key)) {
        throw wrong(path, `Repeated map key: '${key}' is already set.`);
      }
      seen.add(key);
      const at = `${path}[${JSON.stringify(key)}]`;
      return [key, value === null ? "" : text.read(value, at, "")] as const;
    });
    return Object.fromEntries([...Object.entries(before), ...entries]);
  },
};

/** A repeated field. */
export function list<T>(item: Field<T>): Field<readonly T[]> {
  return {
    unset: [],
    schema: { type: "array", items: item.schema },
    read(node, path, before) {
      if (!Array.isArray(node)) throw wrong(path, "expected an array");
      const read = (value: JsonNode, index: number) =>
        value === null
          ? item.unset
          : item.read(value, `${path}[${index}]`, item.unset);
      return [...before, ...node.map(read)];
    },
  };
}

/** A field that can be told apart from one that is not there. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    unset: undefined,
    schema: field.schema,
    read: (node, path, before) => field.read(node, path, before ?? field.unset),
  };
}

/** A message; the value's keys are in the order of the fields. */
export function message<
  const Fields extends { readonly [name: string]: Field<unknown> },
>(fields: Fields): Field<Message<Fields>> {
  const bySpelling = new Map(
    Object.entries(fields).flatMap(([name, field]) => [
      [name, { name, field }],
      [camelCase(name), { name, field }],
    ]),
  );
  const unset = mapValues(fields, (field) => field.unset);
  return {
    // The keys and the type of each are those of `fields`, which TypeScript cannot follow.
    unset: unset as Message<Fields>,
    schema: {
      type: "object",
      properties: mapValues(fields, (field) => field.schema),
    },
    read(node, path, before) {
      const value: { [name: string]: unknown } = { ...before };
      for (const [spelling, member] of membersOf(node, path)) {
        const known = bySpelling.get(spelling);
        if (known === undefined || member === null) continue;
        const at = path === "" ? spelling : `${path}.${spelling}`;
        value[known.name] = known.field.read(member, at, value[known.name]);
      }
      return value as Message<Fields>;
    },
  };
}

function membersOf(node: JsonNode, path: string): JsonMembers["members"] {
  if (typeof node === "object" && node !== null && "members" in node) {
    return node.members;
  }
  throw wrong(path, "expected an object");
}

function mapValues<T, R>(
  object: { readonly [key: string]: T },
  change: (value: T) => R,
): { [key: string]: R } {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(value)]),
  );
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function wrong(path: string, problem: string): ApiError {
  const place = path === "" ? "the message" : path;
  return new ApiError("invalid", `Cannot read the body: ${place}: ${problem}`);
}
