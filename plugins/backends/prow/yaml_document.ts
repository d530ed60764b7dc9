import {
  type Document,
  isCollection,
  isMap,
  LineCounter,
  parseAllDocuments,
  type Tags,
} from "yaml";

/** Where a value stands in a document: keys and indexes from the top. */
export type Path = readonly PropertyKey[];

/** One document of a YAML text. */
export type YamlDocument = {
  /** Plain values; null when the document is empty or faulty. */
  readonly value: unknown;
  readonly fault:
    | { readonly line: number | null; readonly reason: string }
    | null;
  /** The line of a value, or of what is nearest above it. Keys match whatever their case. */
  readonly lineOf: (path: Path) => number | null;
};

/** How often aliases may repeat what they stand for; a text beyond that is meant to hurt. */
const maxAliasCount = 10_000;

/** YAML 1.1 as Go's decoder has it: with merge keys, octal numbers and `yes` for true. */
const options = {
  version: "1.1",
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "error",
  customTags: (tags: Tags) => [
    ...tags.filter((tag) => typeof tag === "string" || !isUnknownToGo(tag)),
    "floatNaN" as const,
    "floatExp" as const,
    "float" as const,
  ],
} as const;

/** Dates, base 60, and the library's reading of a lone `.` as a number. */
function isUnknownToGo(tag: Exclude<Tags[number], string>): boolean {
  return ("format" in tag && tag.format === "TIME") ||
    /:(timestamp|binary|omap|pairs|set|float)$/.test(tag.tag);
}

/** Reads every document of a text. */
export function readYaml(text: string): YamlDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...options, lineCounter: lines });
  return [...documents].map((document) => ({
    ...toValue(document, lines),
    lineOf: (path) => lineAt(document, lines, path),
  }));
}

function toValue(
  document: Document.Parsed,
  lines: LineCounter,
): Pick<YamlDocument, "value" | "fault"> {
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    return { value: null, fault: { line, reason: error.message } };
  }
  try {
    return { value: document.toJS({ maxAliasCount }), fault: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { value: null, fault: { line: null, reason } };
  }
}

function lineAt(
  document: Document.Parsed,
  lines: LineCounter,
  path: Path,
): number | null {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const step of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node)
      ? node.items.find(({ key }) => sameKey(key, step))
      : undefined;
    node = pair ? pair.value : node.get(step, true);
    const found = offsetOf(pair?.key) ?? offsetOf(node);
    if (found === null) break;
    offset = found;
  }
  return offset === null ? null : lines.linePos(offset).line;
}

function sameKey(key: unknown, step: PropertyKey): boolean {
  return String(key).toLowerCase() === String(step).toLowerCase();
}

function offsetOf(node: unknown): number | null {
  return typeof node === "object" && node !== null && "range" in node &&
      Array.isArray(node.range)
    ? node.range[0]
    : null;
}
