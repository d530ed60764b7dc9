import { assertEquals } from "@std/assert";
import { root } from "./paths.ts";

const lines = Array.from({ length: 100 }, (_, index) => index + 1);

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

/** The lines that a test is named for: `gangway 41: …`, or a row of the checklist. */
function linesOf(text: string): number[] {
  const named = text.matchAll(/["`]gangway (\d+): /g);
  const rows = text.includes("checkLines(")
    ? text.matchAll(/^ {2}\[\s*(\d+),\s*["']/gm)
    : [];
  return [...named, ...rows].map(([, number]) => Number(number));
}

Deno.test("every line of the compatibility checklist has its test", async () => {
  const texts = await tests(`${root}/plugins/backends/prow`, `${root}/tests`);
  const tested = new Set(texts.flatMap(linesOf));
  assertEquals(lines.filter((line) => !tested.has(line)), []);
});

Deno.test("the documentation tells every line of the compatibility checklist", async () => {
  const text = await Deno.readTextFile(
    `${root}/docs/gangway-compatibility.md`,
  );
  const told = [...text.matchAll(/^\| (\d+) +\| .+ \| .+ \|$/gm)];
  assertEquals(told.map(([, number]) => Number(number)), lines);
});
