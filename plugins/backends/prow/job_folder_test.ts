import { assertEquals, assertRejects } from "@std/assert";
import { readJobFolder } from "./job_folder.ts";

Deno.test("readJobFolder() reads every YAML file below a folder, in order, and names what it cannot read", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/sub/..data`, { recursive: true });
    for (
      const name of [
        "b.yaml",
        "sub/a.yml",
        "c.txt",
        "..x.yaml",
        "sub/..data/d.yaml",
      ]
    ) {
      await Deno.writeTextFile(`${folder}/${name}`, name);
    }
    await Deno.writeFile(`${folder}/latin.yaml`, new Uint8Array([0xe9]));
    await Deno.symlink(`${folder}/nowhere`, `${folder}/z.yaml`);
    const { texts, faults } = await readJobFolder([`${folder}/`]);
    assertEquals(texts, [
      { path: `${folder}/b.yaml`, text: "b.yaml" },
      { path: `${folder}/sub/a.yml`, text: "sub/a.yml" },
    ]);
    assertEquals(faults.map(({ file }) => file), [
      `${folder}/latin.yaml`,
      `${folder}/z.yaml`,
    ]);
    assertEquals(faults[0]?.reason, "it is not UTF-8 text");
    const one = await readJobFolder([`${folder}/c.txt`]);
    assertEquals(one.texts.length, 1);
    await assertRejects(
      () => readJobFolder([`${folder}/none`]),
      Error,
      "there is no such file or folder",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
