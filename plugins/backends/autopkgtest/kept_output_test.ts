import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Work } from "../../../core/executor.ts";
import { keepOutput, keptFiles, type Seen } from "./kept_output.ts";
import { readPlainFile } from "./plain_file.ts";
import type { TarballLimits } from "./output_tarball.ts";
import { gunzip, run, untar, withFolder } from "./testing.ts";

const roomy: TarballLimits = { bytes: 1_000_000, entries: 100 };
const passed: Seen = { exitCode: 0, durationSeconds: 12 };

/** What is kept of an output folder, and what the log says about it. */
async function keep(
  folder: string,
  { seen = passed, limits = roomy, upload }: {
    seen?: Seen;
    limits?: TarballLimits;
    upload?: Work["upload"];
  } = {},
) {
  const directory = await Deno.makeTempDir();
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const types = new Map<string, string | undefined>();
  let log = "";
  const work: Work = {
    run: { id: "run", number: 1, attempt: 1 },
    serverUrl: "http://slipway.test",
    directory,
    log: (text) => log += text,
    signal: new AbortController().signal,
    spawn: () => Promise.reject(new Error("Cannot spawn: nothing is to run")),
    upload: upload ?? (async (path, content, type) => {
      types.set(path, type);
      kept.set(
        path,
        content instanceof Uint8Array
          ? content
          : await Deno.readFile(content.file),
      );
    }),
    now: Date.now,
  };
  try {
    await keepOutput(work, folder, seen, limits);
    return { kept, types, log };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** What a passing test leaves. */
async function fill(folder: string): Promise<void> {
  const files = {
    log: "the log\n",
    summary: "one PASS\n",
    "testpkg-version": "foo 1.0\n",
    "testbed-packages": "dash\t0.5\n",
    "testinfo.json": "{}\n",
    "one-packages": "bar\t1\n",
    "one-stdout": "out\n",
    "one-stderr": "err\n",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  await Deno.mkdir(`${folder}/artifacts/deep`, { recursive: true });
  await Deno.writeTextFile(`${folder}/artifacts/deep/my-stdout`, "mine");
}

Deno.test("what autopkgtest leaves is kept in debci's layout", () =>
  withFolder(async (folder) => {
    await fill(folder);
    const { kept, types, log } = await keep(folder);
    assertEquals(Object.fromEntries(types), { ...keptFiles });
    assertEquals(log, "");
    const text = (name: string) => new TextDecoder().decode(kept.get(name));
    assertEquals(text("exitcode"), "0\n");
    assertEquals(text("duration"), "12\n");
    assertEquals(text("testpkg-version"), "foo 1.0\n");
    assertEquals(await gunzip(kept.get("log.gz")), "the log\n");
    assertEquals(await untar(kept.get("artifacts.tar.gz")), [
      "artifacts/",
      "artifacts/deep/",
      "artifacts/deep/my-stdout",
      "duration",
      "exitcode",
      "one-packages",
      "summary",
      "testbed-packages",
      "testinfo.json",
      "testpkg-version",
    ]);
  }));

Deno.test("of a run that was stopped what there is is kept, without an exit code", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/log`, "begun\n");
    const seen = { exitCode: null, durationSeconds: 3 };
    const { kept } = await keep(folder, { seen });
    assertEquals([...kept.keys()].sort(), [
      "artifacts.tar.gz",
      "duration",
      "log.gz",
    ]);
  }));

Deno.test("links and special files give nothing of this machine away and hold nothing up", () =>
  withFolder(async (folder) => {
    const secret = `${folder}/secret`;
    await Deno.writeTextFile(secret, "TOP SECRET");
    const output = `${folder}/output`;
    await Deno.mkdir(`${output}/artifacts`, { recursive: true });
    for (
      const name of ["log", "summary", "duration", "testinfo.json", "extra"]
    ) {
      await Deno.symlink(secret, `${output}/${name}`);
    }
    await Deno.symlink(folder, `${output}/artifacts/folder`);
    await run("mkfifo", [`${output}/testpkg-version`]);
    await run("mkfifo", [`${output}/artifacts/pipe`]);
    const socket = Deno.listen({ transport: "unix", path: `${output}/socket` });
    const { kept } = await keep(output);
    socket.close();
    assertEquals([...kept.keys()].sort(), [
      "artifacts.tar.gz",
      "duration",
      "exitcode",
    ]);
    const tarball = kept.get("artifacts.tar.gz");
    assertEquals(await untar(tarball), [
      "artifacts/",
      "artifacts/folder",
      "duration",
      "exitcode",
      "extra",
      "summary",
      "testinfo.json",
    ]);
    assert(!(await gunzip(tarball)).includes("TOP SECRET"));
    assertEquals(await Deno.readTextFile(secret), "TOP SECRET");
  }));

Deno.test("a link in the place of the whole folder is not followed", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/log`, "of somebody else");
    await Deno.symlink(folder, `${folder}/link`);
    assertEquals((await keep(`${folder}/link`)).kept.size, 0);
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  }));

Deno.test("files with any name are packed, and read as nothing but names", () =>
  withFolder(async (folder) => {
    const names = ["-rf", "--to-command=id", "a b", "new\nline", "$(id)", "@x"];
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "");
    const tarball = (await keep(folder)).kept.get("artifacts.tar.gz");
    assertEquals(
      await untar(tarball),
      [...names, "duration", "exitcode"].map((name) =>
        name.replace("\n", "\\n")
      ).sort(),
    );
  }));

for (
  const [what, limits] of [
    ["too large", { bytes: 1_000, entries: 100 }],
    ["too many", { bytes: 1_000_000, entries: 12 }],
  ] as const
) {
  Deno.test(`artifacts that are ${what} are left out, the rest is kept, and the log says why`, () =>
    withFolder(async (folder) => {
      await fill(folder);
      for (let at = 0; at < 5; at++) {
        await Deno.writeFile(`${folder}/artifacts/${at}`, new Uint8Array(400));
      }
      const { kept, log } = await keep(folder, { limits });
      const names = await untar(kept.get("artifacts.tar.gz"));
      assert(names.includes("summary") && !names.includes("artifacts/0"));
      assertStringIncludes(log, "what the tests left as artifacts is not kept");
    }));
}

Deno.test("a huge file without content takes no time", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/artifacts`);
    await run("truncate", ["--size=1T", `${folder}/artifacts/sparse`]);
    const { kept, log } = await keep(folder);
    assertEquals(await untar(kept.get("artifacts.tar.gz")), [
      "duration",
      "exitcode",
    ]);
    assertStringIncludes(log, "what the tests left as artifacts is not kept");
  }));

Deno.test("a server that takes nothing changes no result", () =>
  withFolder(async (folder) => {
    await fill(folder);
    const { log } = await keep(folder, {
      upload: () => Promise.reject(new Error("the disk is full")),
    });
    assertStringIncludes(log, "slipway: cannot keep log.gz: the disk is full");
  }));

Deno.test("of a file no more is read than is wanted", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "0123456789");
    const bytes = await readPlainFile(`${folder}/file`, 4);
    assertEquals(new TextDecoder().decode(bytes ?? undefined), "0123");
    assertEquals(await readPlainFile(`${folder}/none`, 4), null);
  }));
