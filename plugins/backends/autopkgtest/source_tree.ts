/** A test of a package that only tests want. */
export type SampleTest = {
  readonly name: string;
  readonly script: string;
  readonly depends?: string;
  readonly restrictions?: string;
};

/** Writes a Debian source tree of version 1.0 into a folder, under the package's name. */
export async function writeSourceTree(
  folder: string,
  name: string,
  tests: readonly SampleTest[],
): Promise<void> {
  const debian = `${folder}/${name}/debian`;
  await Deno.mkdir(`${debian}/tests`, { recursive: true });
  await Deno.mkdir(`${debian}/source`);
  const texts = {
    control:
      `Source: ${name}\nSection: misc\nPriority: optional\nMaintainer: Slipway <slipway@example.org>\n\nPackage: ${name}\nArchitecture: all\nDescription: sample\n`,
    changelog:
      `${name} (1.0) unstable; urgency=medium\n\n  * Sample.\n\n -- Slipway <slipway@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n`,
    "source/format": "3.0 (native)\n",
    "tests/control": tests.map(stanza).join("\n"),
  };
  for (const [path, text] of Object.entries(texts)) {
    await Deno.writeTextFile(`${debian}/${path}`, text);
  }
  for (const test of tests) {
    await Deno.writeTextFile(
      `${debian}/tests/${test.name}`,
      `#!/bin/sh\n${test.script}\n`,
      { mode: 0o755 },
    );
  }
}

function stanza({ name, depends = "", restrictions = "" }: SampleTest): string {
  const lines = [`Tests: ${name}`, `Depends: ${depends}`];
  if (restrictions !== "") lines.push(`Restrictions: ${restrictions}`);
  return `${lines.join("\n")}\n`;
}
