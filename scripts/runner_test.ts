import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readSettings } from "../core/settings.ts";
import { openDatabase } from "../db/open.ts";
import { RunnerStore } from "../db/runner_store.ts";
import { readRunnerArguments } from "./runner.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

Deno.test("readRunnerArguments() tells running a runner from managing runners", () => {
  for (const args of [[], ["--help"], ["--stop-at-eof"], ["--"]]) {
    assertEquals(readRunnerArguments(args), null);
  }
  assertEquals(readRunnerArguments(["list", "--all"]), {
    action: "list",
    all: true,
  });
  for (
    const args of [["revoke"], ["pause", "a", "b"], ["stop", "a"], [
      "list",
      "a",
    ], [
      "revoke",
      "a",
      "--force",
    ]]
  ) {
    assertThrows(() => readRunnerArguments(args), UsageError, "Cannot ");
  }
});

Deno.test("deno task runner lists, pauses and revokes runners, and leaves a line each", async () => {
  await using folder = await makeDataFolder();
  await folder.run("migrate.ts", []);
  const database = openDatabase(readSettings({ SLIPWAY_DATA: folder.path }));
  const id = crypto.randomUUID();
  try {
    await new RunnerStore(database, Date.now).register({
      id,
      name: "farm-1\x1b[31m",
      offers: [{ backend: ["prow"] }],
      version: "1",
      token: "slipway_runner_x",
    });
  } finally {
    database.close();
  }
  for (const verb of ["pause", "resume", "revoke"]) {
    assertEquals((await folder.run("runner.ts", [verb, id])).code, 0, verb);
  }
  const { stdout } = await folder.run("runner.ts", ["list"]);
  assertStringIncludes(stdout, `${id}\tfarm-1\\x1b[31m\trevoked\t`);
  const unknown = await folder.run("runner.ts", ["revoke", "slipway_runner_x"]);
  assertEquals(unknown.code, 1);
  assertEquals(unknown.stderr.includes("slipway_runner_x"), false);
  const audit = await folder.run("audit.ts", ["--target", id]);
  assertEquals(audit.stdout.trim().split("\n").length, 3);
  const help = await folder.run("runner.ts", ["--help"]);
  assertStringIncludes(help.stdout, "SLIPWAY_RUNNER_TOKEN");
});
