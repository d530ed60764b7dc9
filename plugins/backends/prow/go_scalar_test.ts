import { assertEquals } from "@std/assert";
import { goNumberText } from "./go_number.ts";
import { readYaml } from "./yaml_document.ts";

/** A plain scalar, its value, and its text where Prow wants text. */
const scalars: readonly (readonly [string, unknown, string?])[] = [
  ["~", null],
  ["Null", null],
  ["nULL", "nULL"],
  ["y", true],
  ["Yes", true],
  ["ON", true],
  ["yES", "yES"],
  ["n", false],
  ["off", false],
  ["0", 0, "0"],
  ["+7", 7, "7"],
  ["-0x1F", -31, "-31"],
  ["010", 8, "8"],
  ["0o10", 8, "8"],
  ["0b101", 5, "5"],
  ["1_000", 1000, "1000"],
  ["08", 8, "8"],
  ["9007199254740993", "9007199254740993"],
  ["18446744073709551616", 18446744073709552000],
  ["1.10", 1.1, "1.1"],
  [".5", 0.5, "0.5"],
  ["3.14159265358979", 3.14159265358979, "3.1415927"],
  ["1234567.5", 1234567.5, "1.2345675e+06"],
  ["0.00001", 0.00001, "1e-05"],
  [".inf", Infinity, "+Inf"],
  ["-.Inf", -Infinity, "-Inf"],
  [".NaN", NaN, "NaN"],
  [".", "."],
  ["1.2.3", "1.2.3"],
  ["1:30", "1:30"],
  ["2020-01-01", "2020-01-01"],
  ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"],
  ["0x", "0x"],
  ["1e", "1e"],
  ["v1", "v1"],
];

for (const [source, value, text] of scalars) {
  Deno.test(`the plain scalar ${source} is read as Go reads it`, () => {
    const documents = readYaml(`a: ${source}`);
    assertEquals(Array.isArray(documents) && documents[0]?.value, {
      a: value,
    });
    if (typeof value === "number" && text !== undefined) {
      assertEquals(goNumberText(value), text);
    }
  });
}

Deno.test("a quoted scalar is text, whatever it looks like", () => {
  const documents = readYaml(`["5", 'yes', "", !!str 010]`);
  assertEquals(Array.isArray(documents) && documents[0]?.value, [
    "5",
    "yes",
    "",
    "010",
  ]);
});
