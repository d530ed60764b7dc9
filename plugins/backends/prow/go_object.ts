import * as z from "zod";
import { hasControlCharacter } from "./control_character.ts";
import { goNumberText } from "./go_number.ts";

/**
 * An object as Go's JSON decoder reads it into a struct: keys match whatever
 * their case, the later of two wins, `null` counts as absent, and keys that
 * nobody asked for stay as they are.
 */
export function goObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = new Map(
    Object.keys(shape).map((name) => [name.toLowerCase(), name]),
  );
  return z.preprocess(
    (value) => isObject(value) ? rename(value, names) : value,
    z.looseObject(shape),
  );
}

/** A string; YAML's numbers and truth values become one where Prow wants a string. */
export const goText = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  "expected a string",
).transform((value) => {
  if (value === null) return "";
  return typeof value === "number" ? goNumberText(value) : String(value);
});

/** What something is called. */
export const goName = goText.refine(
  (name) => !hasControlCharacter(name),
  "expected no control characters",
);

/** A map of strings. */
export const goTextMap = z.record(z.string(), goText);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rename(
  object: Record<string, unknown>,
  names: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null).map((
      [key, value],
    ) => [names.get(key.toLowerCase()) ?? key, value]),
  );
}
