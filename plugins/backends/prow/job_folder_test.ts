import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { findJobFiles, loadJobFile, readJobFolder } from "./job_folder.ts";

/** Runs with a folder that holds the files. */
async function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  act: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
    }
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The files that are found in the folder, as paths within it. */
async function found(folder: string): Promise<string[]> {
  const { files } = await findJobFiles([folder]);
  return files.map((file) => file.slice(folder.length + 1));
}

Deno.test("readJobFolder() reads every YAML file below a folder, in order, and names what it cannot read", async () => {
  const files = {
    "b.yaml": "b",
    "sub/deep/a.yml": "a",
    "a/z.yaml.gz": gzipSync("z"),
    "c.txt": "c",
    "..x.yaml": "x",
    "sub/..data/d.yaml": "d",
    "latin.yaml": new Uint8Array([0xe9]),
  };
  await inFolder(files, async (folder) => {
    await Deno.symlink(`${folder}/nowhere`, `${folder}/z.yaml`);
    const { texts, faults } = await readJobFolder([`${folder}/`]);
    assertEquals(texts, [
      { path: `${folder}/a/z.yaml.gz`, text: "z" },
      { path: `${folder}/b.yaml`, text: "b" },
      { path: `${folder}/sub/deep/a.yml`, text: "a" },
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
  });
});

Deno.test(".prowignore leaves files out as .gitignore does, the nearest rule first", async () => {
  const files = {
    ".prowignore":
      "# comment\n/only-here.yaml\nskipped/\n*-draft.yaml\ndata/**/raw-*.yaml\n",
    "only-here.yaml": "",
    "sub/only-here.yaml": "",
    "a-draft.yaml": "",
    "skipped/x.yaml": "",
    "skipped/.prowignore": "!x.yaml\n",
    "data/1/2/raw-a.yaml": "",
    "data/1/kept.yaml": "",
    "team/.prowignore": "!b-draft.yaml\nlocal.yaml\n",
    "team/b-draft.yaml": "",
    "team/c-draft.yaml": "",
    "team/local.yaml": "",
    "team/in/local.yaml": "",
  };
  await inFolder(files, async (folder) => {
    assertEquals(await found(folder), [
      "data/1/kept.yaml",
      "sub/only-here.yaml",
      "team/b-draft.yaml",
    ]);
  });
});

Deno.test("of two files of one name below a folder the second is a fault, as in Prow", async () => {
  const files = { "a/x.yaml": "", "b/x.yaml": "", "b/y.yaml": "" };
  await inFolder(files, async (folder) => {
    assertEquals(await found(folder), ["a/x.yaml", "b/y.yaml"]);
    const { faults } = await findJobFiles([folder]);
    assertEquals(faults.map(({ file }) => file), [`${folder}/b/x.yaml`]);
    assertStringIncludes(faults[0]?.reason ?? "", `${folder}/a/x.yaml`);
    const apart = await findJobFiles([`${folder}/a`, `${folder}/b`]);
    assertEquals([apart.files.length, apart.faults], [3, []]);
  });
});

Deno.test("an ignored file takes no name", async () => {
  const files = { ".prowignore": "a", "a/x.yaml": "", "b/x.yaml": "" };
  await inFolder(files, async (folder) => {
    assertEquals(await found(folder), ["b/x.yaml"]);
    assertEquals((await findJobFiles([folder])).faults, []);
  });
});

Deno.test("loadJobFile() makes a fault of what cannot be read", async () => {
  const { jobs, faults } = await loadJobFile("/nowhere/a.yaml");
  assertEquals([jobs, faults.length], [[], 1]);
  assertEquals(faults[0]?.file, "/nowhere/a.yaml");
});

Deno.test("a pipe in a folder is named, and does not hold up the rest", async () => {
  await inFolder({ "a.yaml": "periodics: []" }, async (folder) => {
    const args = [`${folder}/pipe.yaml`];
    assertEquals((await new Deno.Command("mkfifo", { args }).output()).code, 0);
    const { texts, faults } = await readJobFolder([folder]);
    assertEquals(texts.map(({ path }) => path), [`${folder}/a.yaml`]);
    assertEquals(faults.map(({ reason }) => reason), ["it is not a file"]);
  });
});
