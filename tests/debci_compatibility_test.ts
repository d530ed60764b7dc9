import { assertEquals } from "@std/assert";
import { root } from "./paths.ts";

const lines = Array.from({ length: 105 }, (_, index) => index + 1);

/** The texts of all tests below some folders. */
async function tests(...folders: string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) texts.push(...await tests(path));
      else if (name.endsWith("_test.ts")) {
        texts.push(await Deno.readTextFile(path));
      }
    }
  }
  return texts;
}

/** The lines that a test is named for: `debci 41: …`, or a row of the checklist. */
function linesOf(text: string): number[] {
  const named = text.matchAll(/["`]debci (\d+(?:, \d+)*): /g);
  const rows = text.includes("checkLines(")
    ? text.matchAll(/^ {2}\[\s*(\d+),\s*["'`]/gm)
    : [];
  return [...named, ...rows].flatMap(([, numbers = ""]) =>
    numbers.split(", ").map(Number)
  );
}

/** The rows of the documented checklist: what debci does, and how it is here. */
async function documented(): Promise<Map<number, string>> {
  const text = await Deno.readTextFile(`${root}/docs/debci-compatibility.md`);
  const rows = text.matchAll(/^\| (\d+) +\| .+ \| (\S.*?) +\|$/gm);
  return new Map([...rows].map(([, line, here = ""]) => [Number(line), here]));
}

Deno.test("the documentation tells every line of debci's checklist", async () => {
  const rows = await documented();
  assertEquals([...rows.keys()], lines);
});

Deno.test("every line of debci's checklist has its test or its reason", async () => {
  const texts = await tests(
    `${root}/plugins/backends/autopkgtest`,
    `${root}/tests`,
  );
  const tested = new Set(texts.flatMap(linesOf));
  const rows = await documented();
  const claims = lines.filter((line) => /^test\b/.test(rows.get(line) ?? ""));
  assertEquals(claims, lines.filter((line) => tested.has(line)));
});
