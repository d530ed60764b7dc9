import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startRunner } from "../runner/child.ts";
import { runnerToken } from "./app.ts";
import { eventually } from "./eventually.ts";
import { root } from "./paths.ts";
import { exists, isAlive } from "./processes.ts";
import { startRig } from "./runner_rig.ts";

const decoder = new TextDecoder();

/** Runs `runner/main.ts` to its end, with nothing set but what is given. */
async function runToEnd(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${root}/runner/main.ts`, ...args],
    env: {
      ...env,
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? "",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? "",
      NO_COLOR: "1",
    },
    clearEnv: true,
  }).output();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

const faults: readonly {
  name: string;
  env: Record<string, string>;
  args?: string[];
  code: number;
  says: string[];
}[] = [
  {
    name: "no executor named",
    env: { SLIPWAY_RUNNER_TOKEN: runnerToken },
    code: 2,
    says: ["SLIPWAY_EXECUTORS is not set", "dummy:dummy", "prow:process"],
  },
  {
    name: "an unknown executor",
    env: {
      SLIPWAY_RUNNER_TOKEN: runnerToken,
      SLIPWAY_EXECUTORS: "prow:pod, dummy:dummy",
    },
    code: 2,
    says: ["names prow:pod, but", "prow:process"],
  },
  {
    name: "no registration token",
    env: { SLIPWAY_EXECUTORS: "dummy:dummy" },
    code: 2,
    says: ["SLIPWAY_RUNNER_TOKEN is not set"],
  },
  {
    name: "a URL that is none",
    env: {
      SLIPWAY_RUNNER_TOKEN: runnerToken,
      SLIPWAY_EXECUTORS: "dummy:dummy",
      SLIPWAY_URL: "ci.example.org",
    },
    code: 2,
    says: ["SLIPWAY_URL: expected a URL"],
  },
  {
    name: "slots that are none",
    env: {
      SLIPWAY_RUNNER_TOKEN: runnerToken,
      SLIPWAY_EXECUTORS: "dummy:dummy",
      SLIPWAY_SLOTS: "many",
    },
    code: 2,
    says: ["SLIPWAY_SLOTS: expected a whole number"],
  },
  {
    name: "an argument that it does not know",
    env: {},
    args: ["--fast"],
    code: 2,
    says: ["--fast", "--help"],
  },
  {
    name: "no executor that can work here",
    env: {
      SLIPWAY_RUNNER_TOKEN: runnerToken,
      SLIPWAY_EXECUTORS: "dummy:dummy",
      DUMMY_UNREADY: "out of paint",
    },
    code: 1,
    says: [
      "dummy:dummy is left out: out of paint",
      "none of the executors is ready",
    ],
  },
];

for (const { name, env, args = [], code, says } of faults) {
  Deno.test(`the runner ends with ${code} and says what to change: ${name}`, async () => {
    const ended = await runToEnd(env, ...args);
    assertEquals(ended.code, code, ended.stderr);
    for (const text of says) assertStringIncludes(ended.stderr, text);
    assert(!/\n\s+at /.test(ended.stderr), ended.stderr);
    assert(!ended.stderr.includes(runnerToken));
  });
}

Deno.test("--help says what can be set, and which executors there are", async () => {
  const { code, stdout } = await runToEnd({}, "--help");
  assertEquals(code, 0);
  for (const text of ["SLIPWAY_EXECUTORS", "SLIPWAY_SLOTS", "prow:process"]) {
    assertStringIncludes(stdout, text);
  }
});

Deno.test("a runner that may not register says so and ends with 1", async () => {
  await using rig = await startRig();
  const { code, stderr } = await runToEnd({
    SLIPWAY_URL: rig.url,
    SLIPWAY_RUNNER_TOKEN: "not-the-one-that-is-wanted",
    SLIPWAY_EXECUTORS: "dummy:dummy",
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "registration token");
});

/** A runner as a process of its own. Disposing of it kills it. */
function startProcess(url: string, options: { tied?: boolean } = {}) {
  const child = startRunner({
    ...options,
    env: {
      SLIPWAY_URL: url,
      SLIPWAY_RUNNER_TOKEN: runnerToken,
      SLIPWAY_EXECUTORS: "dummy:dummy",
    },
    stderr: "null",
  });
  let isGone = false;
  const status = child.status.finally(() => isGone = true);
  return {
    status,
    /** What the end of a process that a runner is tied to does. */
    untie: () => child.stdin.close(),
    kill: (signal: Deno.Signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (!isGone) child.kill("SIGKILL");
      await status;
      if (options.tied) await child.stdin.close().catch(() => {});
    },
  };
}

Deno.test("a runner that is killed loses no run: another one claims it", async () => {
  await using rig = await startRig();
  const directory = await Deno.makeTempDir();
  const { id } = await rig.submit({
    do: {
      command: [
        "sh",
        "-c",
        `echo $$ $PWD.; if mkdir ${directory}/first 2>/dev/null; then sleep 600; fi`,
      ],
    },
  });
  await using killed = startProcess(rig.url);
  const [pid, workFolder = ""] = (await rig.untilLogged(id, "."))
    .trim().replace(".", "").split(" ");
  killed.kill("SIGKILL");
  await killed.status;
  // Its work is an orphan that nobody waits for any more.
  Deno.kill(-Number(pid), "SIGKILL");
  assert(exists(workFolder));

  await using _other = startProcess(rig.url);
  const run = await rig.until(id, "passed");
  assertEquals([run.attempt, run.lostAttempts], [2, 1]);
  assert(!exists(workFolder), "the other runner leaves the first one's folder");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("SIGTERM lets a runner finish its work; it then ends with 0", async () => {
  await using rig = await startRig();
  await using runner = startProcess(rig.url);
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "pwd; until [ -e go ]; do sleep 0.01; done"] },
  });
  const directory = (await rig.untilLogged(id, "\n")).trim();
  runner.kill("SIGTERM");
  await Deno.writeTextFile(`${directory}/go`, "");
  assertEquals((await runner.status).code, 0);
  assertEquals((await rig.show(id)).state, "passed");
});

Deno.test("a second signal stops a runner's work at once, and gives it back", async () => {
  await using rig = await startRig();
  await using runner = startProcess(rig.url);
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "sleep 600 & echo $! $$.; wait"] },
  });
  const pids = (await rig.untilLogged(id, ".")).match(/\d+/g) ?? [];
  assertEquals(pids.length, 2);
  runner.kill("SIGINT");
  runner.kill("SIGTERM");
  assertEquals((await runner.status).code, 0);
  const { state, lostAttempts } = await rig.show(id);
  assertEquals([state, lostAttempts], ["queued", 0]);
  await eventually(
    () => !pids.some((pid) => isAlive(pid)),
    "its work survived",
  );
});

Deno.test("a tied runner ends with who started it, stops its work and gives it back", async () => {
  await using rig = await startRig();
  await using runner = startProcess(rig.url, { tied: true });
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "sleep 600 & echo $! $$.; wait"] },
  });
  const pids = (await rig.untilLogged(id, ".")).match(/\d+/g) ?? [];
  assertEquals(pids.length, 2);
  await runner.untie();
  assertEquals((await runner.status).code, 0);
  assertEquals((await rig.show(id)).state, "queued");
  await eventually(
    () => !pids.some((pid) => isAlive(pid)),
    "its work survived",
  );
});
