// @ts-types="@types/js-yaml"
import { Type } from "js-yaml";

const nulls = new Set(["", "~", "null", "Null", "NULL"]);

const truths = new Map([
  ...["y", "yes", "on", "true"].flatMap((word) => spellings(word, true)),
  ...["n", "no", "off", "false"].flatMap((word) => spellings(word, false)),
]);

/** Lower case, upper case and capitalised. */
function spellings(word: string, value: boolean): [string, boolean][] {
  const capital = word.charAt(0).toUpperCase();
  return [word, word.toUpperCase(), capital + word.slice(1)].map((
    text,
  ) => [text, value]);
}

const integer = /^([-+]?)(0x[\da-f]+|0b[01]+|0o?[0-7]*|[1-9]\d*)$/i;
const decimal = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i;
const special = new Map([
  [".nan", NaN],
  [".inf", Infinity],
  ["+.inf", Infinity],
  ["-.inf", -Infinity],
]);

/**
 * A number as Go's YAML decoder reads it, or null: octal with and without
 * `o`, no base 60. An integer that a JavaScript number cannot hold exactly
 * stays text.
 */
export function goNumber(text: string): number | string | null {
  if (!/^[-+.\d]/.test(text)) return null;
  if (text.startsWith(".")) return readDecimal(text);
  const plain = text.replaceAll("_", "");
  const [, sign, digits = ""] = integer.exec(plain) ?? [];
  if (sign === undefined) return readDecimal(plain);
  const size = BigInt(digits.replace(/^0(?=\d)/, "0o").toLowerCase());
  if (size >= 1n << 64n) return readDecimal(plain);
  const value = sign === "-" ? -size : size;
  return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
}

function readDecimal(text: string): number | null {
  if (decimal.test(text)) return Number(text);
  return special.get(text.toLowerCase()) ?? null;
}

/** Plain scalars as Go's YAML decoder reads them, which knows YAML 1.1's truth values and takes dates for text. */
export const goScalarTypes = [
  new Type("tag:yaml.org,2002:null", {
    kind: "scalar",
    resolve: (text) => text === null || nulls.has(text),
    construct: () => null,
  }),
  new Type("tag:yaml.org,2002:bool", {
    kind: "scalar",
    resolve: (text) => truths.has(text),
    construct: (text) => truths.get(text),
  }),
  new Type("tag:yaml.org,2002:float", {
    kind: "scalar",
    resolve: (text) => typeof text === "string" && goNumber(text) !== null,
    construct: goNumber,
  }),
  new Type("tag:yaml.org,2002:merge", {
    kind: "scalar",
    resolve: (text) => text === "<<",
  }),
];
