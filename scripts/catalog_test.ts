import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { sql } from "../core/database.ts";
import { openEmbedded } from "../db/embedded.ts";
import { readCatalogArguments, summaryText } from "./catalog.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

const wrong = [
  [[], "say what to do, import"],
  [["list"], '"list" is not known; use import'],
  [["import"], "name a folder or a file"],
  [["import", "--force", "x"], "there is no option --force"],
] as const;

for (const [args, reason] of wrong) {
  Deno.test(`readCatalogArguments() refuses "${args.join(" ")}"`, () => {
    assertThrows(() => readCatalogArguments(args), UsageError, reason);
  });
}

Deno.test("readCatalogArguments() reads paths and --dry-run, wherever it stands", () => {
  const expected = { paths: ["a", "b"], isDryRun: true };
  assertEquals(
    readCatalogArguments(["import", "--dry-run", "a", "b"]),
    expected,
  );
  assertEquals(
    readCatalogArguments(["import", "a", "b", "--dry-run"]),
    expected,
  );
  assertEquals(readCatalogArguments(["import", "a"]).isDryRun, false);
});

Deno.test("summaryText() names what changed, as far as it is told to, and counts it", () => {
  const summary = {
    added: ["a", "b", "c"],
    changed: ["d"],
    removed: [],
    unchanged: 5,
  };
  assertEquals(
    summaryText(summary, 2),
    "+ a\n+ b\n+ 1 more\n~ d\n3 added, 1 changed, 0 removed, 5 unchanged",
  );
});

const spec = "spec: {containers: [{command: [c]}]}";

Deno.test("an import fills the catalogue, a dry run only tells, a fault is named and does not stop the rest", async () => {
  await using folder = await makeDataFolder();
  const jobs = await Deno.makeTempDir();
  try {
    const file = `${jobs}/jobs.yaml`;
    const run = (...args: string[]) =>
      folder.run("catalog.ts", ["import", ...args, jobs]);
    await Deno.writeTextFile(file, `periodics:\n- {name: a, ${spec}}\n`);

    const dry = await run("--dry-run");
    assertEquals([dry.code, dry.stdout], [
      0,
      "+ periodic a\n1 added, 0 changed, 0 removed, 0 unchanged\n",
    ]);
    assertStringIncludes(dry.stderr, "Nothing was written");

    const first = await run();
    assertEquals([first.code, first.stdout, first.stderr], [
      0,
      "+ periodic a\n1 added, 0 changed, 0 removed, 0 unchanged\n",
      "",
    ]);

    await Deno.writeTextFile(
      file,
      `periodics:\n- {name: "?", ${spec}}\n- {name: b, ${spec}}\n`,
    );
    const second = await run();
    assertEquals([second.code, second.stdout], [
      1,
      "+ periodic b\n- periodic a\n1 added, 0 changed, 1 removed, 0 unchanged\n",
    ]);
    assertMatch(
      second.stderr,
      /jobs\.yaml:2: periodics\.0\.name: expected letters/,
    );

    await Deno.writeTextFile(file, "periodics: [");
    const none = await run();
    assertEquals([none.code, none.stdout], [1, ""]);
    assertStringIncludes(none.stderr, "the catalogue stays as it is");
    assertEquals((await run("--dry-run")).code, 1);

    await Deno.writeTextFile(file, `periodics:\n- {name: b, ${spec}}\n`);
    const same = await run();
    assertEquals(
      same.stdout,
      "0 added, 0 changed, 0 removed, 1 unchanged\n",
    );
  } finally {
    await Deno.remove(jobs, { recursive: true });
  }
});

Deno.test("a dry run makes no database and migrates none", async () => {
  await using folder = await makeDataFolder();
  const jobs = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${jobs}/a.yaml`,
      `periodics: [{name: a, ${spec}}]`,
    );
    const dryRun = () =>
      folder.run("catalog.ts", ["import", "--dry-run", jobs]);
    const expected =
      "+ periodic a\n1 added, 0 changed, 0 removed, 0 unchanged\n";

    assertEquals((await dryRun()).stdout, expected);
    await assertRejects(() => Deno.stat(folder.path), Deno.errors.NotFound);

    await Deno.mkdir(folder.path);
    const file = `${folder.path}/slipway.db`;
    openEmbedded(file).close();
    assertEquals((await dryRun()).stdout, expected);
    const database = openEmbedded(file);
    try {
      const tables = await database.query(sql`select name from sqlite_master`);
      assertEquals(tables, []);
    } finally {
      database.close();
    }
  } finally {
    await Deno.remove(jobs, { recursive: true });
  }
});

Deno.test("what an import tells of odd names cannot steer a terminal", async () => {
  await using folder = await makeDataFolder();
  const jobs = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${jobs}/\x1b[31mred.yaml`,
      `periodics: [{name: a, ${spec}}]\npresubmits: {o/r: [{name: b, branches: ["c\\x1bd"], ${spec}}, {name: "e\\x1bf"}]}`,
    );
    const { code, stdout, stderr } = await folder.run("catalog.ts", [
      "import",
      jobs,
    ]);
    assertEquals(code, 1);
    assertStringIncludes(stdout, "+ presubmit b of o/r on c\\x1bd\n");
    assertStringIncludes(stderr, "/\\x1b[31mred.yaml:2: presubmits.o/r.1.name");
    assertEquals(`${stdout}${stderr}`.includes("\x1b"), false);
  } finally {
    await Deno.remove(jobs, { recursive: true });
  }
});

Deno.test("a server's catalogue stays whole while an import replaces it", async () => {
  await using folder = await makeDataFolder();
  const jobs = await Deno.makeTempDir();
  const names = (prefix: string) =>
    Array.from(
      { length: 500 },
      (_, index) => `{name: ${prefix}${index}, ${spec}}`,
    );
  const write = (prefix: string) =>
    Deno.writeTextFile(`${jobs}/a.yaml`, `periodics: [${names(prefix)}]`);
  try {
    await write("old");
    await folder.run("catalog.ts", ["import", jobs]);
    await write("new");
    const database = openEmbedded(`${folder.path}/slipway.db`);
    try {
      const seen = new Set<string>();
      const importing = folder.run("catalog.ts", ["import", jobs]);
      let isOver = false;
      importing.finally(() => isOver = true);
      while (!isOver) {
        const rows = await database.query(sql`
          select substr(name, 1, 3) as kind, count(*) as count from prow_job group by kind`);
        seen.add(JSON.stringify(rows));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      assertEquals((await importing).code, 0);
      const whole = ["old", "new"].map((kind) =>
        JSON.stringify([{ kind, count: 500 }])
      );
      assertEquals([...seen].filter((rows) => !whole.includes(rows)), []);
    } finally {
      database.close();
    }
  } finally {
    await Deno.remove(jobs, { recursive: true });
  }
});

Deno.test("catalog says how it is used: with --help on standard output, after a mistake on standard error", async () => {
  await using folder = await makeDataFolder();
  const help = await folder.run("catalog.ts", ["--help"]);
  assertEquals(help.code, 0);
  assertStringIncludes(help.stdout, "Usage: deno task catalog import");
  const wrong = await folder.run("catalog.ts", ["export"]);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertStringIncludes(wrong.stderr, "Usage: deno task catalog import");
});
