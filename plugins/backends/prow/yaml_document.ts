// @ts-types="@types/js-yaml"
import { FAILSAFE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { goScalarTypes } from "./go_scalar.ts";
import { findHurt } from "./yaml_guard.ts";
import { Outline, type Path } from "./yaml_outline.ts";

export type { Path };

/** One document of a YAML text. */
export type YamlDocument = {
  /** Plain values; null when the document is empty. */
  readonly value: unknown;
  /** The line of a value, or of what is nearest above it. Keys match whatever their case. */
  readonly lineOf: (path: Path) => number | null;
};

/** Why a text cannot be read. */
export type YamlFault = {
  readonly kind: "fault";
  readonly line: number | null;
  readonly reason: string;
};

/** Lines, keys and list items of a text: each takes a hundred times its length in memory. The largest known text has a tenth of it. */
const maxParts = 1_000_000;

/** A text that is long and holds no alias stays below. */
const limits = { chars: 20_000_000, depth: 100 };

/** YAML as Go's decoder has it: its scalars, merge keys, and of two equal keys the later. */
const options = {
  schema: FAILSAFE_SCHEMA.extend({ implicit: goScalarTypes }),
  json: true,
  maxDepth: limits.depth,
  maxTotalMergeKeys: 100_000,
};

/** Reads every document of a text; a text that was made to hurt is a fault too. */
export function readYaml(text: string): YamlDocument[] | YamlFault {
  if (hasTooManyParts(text)) {
    return fault(null, `it has more than ${maxParts} lines, keys and items`);
  }
  const outline = new Outline();
  try {
    const { listener } = outline;
    const values = loadAll(text, null, { ...options, listener });
    const hurt = findHurt(values, limits);
    if (hurt !== null) {
      const { collection, key, reason } = hurt;
      return fault(outline.lineOfEntry(collection, key), reason);
    }
    return values.map((value) => ({
      value: value ?? null,
      lineOf: (path) => outline.lineOf(value, path),
    }));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // What ends too early is told of the line after the last one.
    const lines = text.trimEnd().split(/\r\n?|\n/).length;
    return fault(Math.min(error.mark.line + 1, lines), error.reason);
  }
}

function hasTooManyParts(text: string): boolean {
  if (text.length <= maxParts) return false;
  let parts = 0;
  for (const _ of text.matchAll(/[\n\r,:[{]|- /g)) {
    if (++parts > maxParts) return true;
  }
  return false;
}

function fault(line: number | null, reason: string): YamlFault {
  return { kind: "fault", line, reason };
}
