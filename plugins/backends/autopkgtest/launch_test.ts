import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCommand } from "../../../runner/process.ts";
import { eventually } from "../../../tests/eventually.ts";
import { launch, notLaunchedCode, type Surroundings } from "./launch.ts";
import { systemPath } from "./system_command.ts";

/** Runs a command as a runner does. */
function start(command: string[], surroundings: Partial<Surroundings> = {}) {
  const controller = new AbortController();
  let output = "";
  const end = runCommand({
    argv: launch(command, { containment: "none", ...surroundings }),
    cwd: "/",
    env: { PATH: systemPath },
    timeoutSeconds: 60,
    graceSeconds: 5,
  }, {
    output(chunk) {
      output += new TextDecoder().decode(chunk);
      return null;
    },
    signal: controller.signal,
  });
  return { end, output: () => output, stop: () => controller.abort() };
}

async function withFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const exitCode of [0, 2, 20]) {
  Deno.test(`a command's exit code ${exitCode} is handed on`, async () => {
    const { end } = start(["sh", "-c", `exit ${exitCode}`]);
    assertEquals(await end, { kind: "exited", exitCode });
  });
}

Deno.test("arguments stay what they are, whatever is in them", async () => {
  const args = ["$(id)", "; exit 3", "a  b", "'", "", "\n", "`id`"];
  const { end, output } = start(["printf", "<%s>", ...args]);
  assertEquals(await end, { kind: "exited", exitCode: 0 });
  assertEquals(output(), args.map((arg) => `<${arg}>`).join(""));
});

Deno.test("a lock that cannot be had is told from every result", async () => {
  const { end, output } = start(["true"], { lockFile: "/no/such/folder/lock" });
  assertEquals(await end, { kind: "exited", exitCode: notLaunchedCode });
  assertStringIncludes(output(), "/no/such/folder/lock");
});

Deno.test("commands with the same lock go one after another", () =>
  withFolder(async (folder) => {
    const lockFile = `${folder}/lock`;
    const script = 'echo in; while [ ! -e "$1" ]; do sleep 0.01; done';
    const first = start(["sh", "-c", script, "sh", `${folder}/go`], {
      lockFile,
    });
    await eventually(() => first.output() === "in\n", "it did not begin");
    const second = start(["echo", "in"], { lockFile });
    await eventually(
      () => second.output().startsWith("slipway: waiting"),
      "the second did not wait",
    );
    await Deno.writeTextFile(`${folder}/go`, "");
    assertEquals(await first.end, { kind: "exited", exitCode: 0 });
    assertEquals(await second.end, { kind: "exited", exitCode: 0 });
    assertStringIncludes(second.output(), "\nin\n");
  }));

Deno.test("a command that waits for its lock can be stopped", () =>
  withFolder(async (folder) => {
    const lockFile = `${folder}/lock`;
    const first = start(["sh", "-c", "echo in; sleep 60"], { lockFile });
    await eventually(() => first.output() === "in\n", "it did not begin");
    const second = start(["touch", `${folder}/begun`], { lockFile });
    await eventually(() => second.output() !== "", "the second did not wait");
    second.stop();
    assertEquals(await second.end, { kind: "cancelled" });
    first.stop();
    await first.end;
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "lock",
    ]);
  }));

Deno.test("a command that is stopped may clean up before it goes", () =>
  withFolder(async (folder) => {
    const script =
      'trap "sleep 0.2; touch $1; exit 0" TERM; echo in; while :; do sleep 0.01; done';
    const command = start(["sh", "-c", script, "sh", `${folder}/clean`]);
    await eventually(() => command.output() === "in\n", "it did not begin");
    command.stop();
    await command.end;
    assertEquals((await Deno.stat(`${folder}/clean`)).isFile, true);
  }));
