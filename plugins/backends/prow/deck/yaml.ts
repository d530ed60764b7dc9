import { Document, isScalar, type Tags, visit } from "yaml";

/** What ends a document wherever it stands, to those who look for it in the text. */
const separator = "---";

/** Characters that some reader of YAML 1.1 does not take as they are. */
const unprintable =
  // deno-lint-ignore no-control-regex -- these are what is escaped
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A text that some reader of YAML 1.1 or 1.2 may take for a number, a time or a special key. */
const ambiguous = /^([-+.]*\d[-+\d._:xobe,T Z]*|[-+]?\.(inf|nan)|<<|=)$/i;

/** A line of spaces, which a block of lines does not keep. */
const blankLine = /^[ ]+$/m;

/**
 * Prints a value as one YAML document that readers of YAML 1.1, such as Go's
 * yaml.v2, take for what it is: keys in order, texts that look like something
 * else in quotes. The text never holds `---`: gangway-cli cuts it there
 * (gangway 100).
 */
export function printYaml(value: unknown): string {
  const document = new Document(value, {
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => !isMerge(tag)),
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== "string") return;
      // Half of a surrogate pair cannot be written at all.
      node.value = node.value.toWellFormed();
      if (needsQuotes(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({
    lineWidth: 0,
    indentSeq: false,
    doubleQuotedAsJSON: true,
  });
  // Only texts in double quotes hold what is replaced, so its escape is read.
  return text.replaceAll(separator, "\\x2d\\x2d\\x2d").replace(
    unprintable,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Writes the text `<<` as a key that merges. */
function isMerge(tag: Tags[number]): boolean {
  return tag === "merge" ||
    (typeof tag === "object" && tag.tag === "tag:yaml.org,2002:merge");
}

function needsQuotes(text: unknown): boolean {
  return typeof text === "string" &&
    (text.includes(separator) || text.includes("\t") ||
      text.search(unprintable) >= 0 || ambiguous.test(text) ||
      blankLine.test(text));
}
