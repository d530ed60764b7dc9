import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Host } from "../../../core/executor.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { End } from "../../../core/run.ts";
import { runCommand } from "../../../runner/process.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { process } from "./executor.ts";
import type { Task } from "./task.ts";

const host: Host = {
  arch: "amd64",
  env: {
    PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
    SECRET: "of the runner",
  },
};

const container: NonNullable<Task["container"]> = {
  image: "busybox",
  command: ["sh", "-c"],
  args: [],
  env: [],
  clusterEnv: [],
};

const task: Task = {
  job: "j",
  type: "periodic",
  container,
  timeoutSeconds: 30,
  graceSeconds: 1,
  refs: null,
  extraRefs: [],
  decorated: true,
  decorationConfig: null,
  labels: {},
  annotations: {},
};

/** Runs a task for real, in a folder that is gone afterwards. */
async function run(
  given: Task,
): Promise<{ end: End; log: string; directory: string }> {
  const directory = await Deno.makeTempDir();
  const { signal } = new AbortController();
  let log = "";
  const write = (chunk: string | Uint8Array) => {
    log += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    return null;
  };
  try {
    const end = await process.run(given, {
      run: { id: "0189-id", number: 42, attempt: 1 },
      serverUrl: "http://slipway.test",
      directory,
      log: write,
      signal,
      spawn: (command) => runCommand(command, { output: write, signal }),
      now: () => 0,
    }, host);
    return { end, log, directory };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function script(text: string, more: Partial<typeof container> = {}): Task {
  return { ...task, container: { ...container, args: [text], ...more } };
}

Deno.test("the command runs in its folder with Prow's environment and nothing of the runner's", async () => {
  const { end, log, directory } = await run(
    script(
      'pwd; echo "$HOME $JOB_NAME $BUILD_ID $PROW_JOB_ID $GREETING [$SECRET]"; echo x > "$ARTIFACTS/x"',
      { env: [{ name: "GREETING", value: "hello" }] },
    ),
  );
  assertEquals(end, { kind: "exited", exitCode: 0 });
  assertEquals(log, `${directory}\n${directory} j 42 0189-id hello []\n`);
});

Deno.test("$(NAME) is expanded in the command and its arguments", async () => {
  const { log } = await run(
    script("echo $(JOB_NAME) '$$(date)' '$(MISSING)'", {
      env: [{ name: "SHELL_NAME", value: "sh" }],
      command: ["$(SHELL_NAME)", "-c"],
    }),
  );
  assertEquals(log, "j $(date) $(MISSING)\n");
});

/** A task as it arrives at a runner. */
function sent(task: Task): JsonObject {
  return JSON.parse(JSON.stringify(task));
}

testExecutor(process, {
  host,
  tasks: {
    passing: sent(script("echo done")),
    failing: sent(script("exit 3")),
    endless: sent(script("echo here; sleep 600 & wait")),
    unstartable: sent(script("", { command: ["no-such-command"] })),
  },
});

Deno.test("the exit code is the job's", async () => {
  assertEquals((await run(script("exit 3"))).end, {
    kind: "exited",
    exitCode: 3,
  });
});

Deno.test("a job that outlives its timeout is stopped", async () => {
  const { end } = await run({ ...script("sleep 60"), timeoutSeconds: 0.2 });
  assertEquals(end, { kind: "timed_out", timeoutSeconds: 0.2 });
});

const notStarted: readonly (readonly [string, Task, string])[] = [
  [
    "a command that does not exist",
    script("", { command: ["no-such-command"] }),
    "no-such-command",
  ],
  [
    "a container without a command",
    script("x", { command: [] }),
    'job "j" names no command: it relies on the entrypoint of the image busybox',
  ],
  [
    "a job without a container",
    { ...task, container: null },
    'job "j" has no container',
  ],
];

for (const [name, given, reason] of notStarted) {
  Deno.test(`${name} is not started, and the reason says so`, async () => {
    const { end } = await run(given);
    assertEquals(end.kind, "not_started");
    assertStringIncludes("reason" in end ? end.reason : "", reason);
  });
}

Deno.test("variables that only a cluster has are named in the log", async () => {
  const { log } = await run(script("true", { clusterEnv: ["TOKEN"] }));
  assertStringIncludes(log, "not set, because only a cluster has");
  assertStringIncludes(log, "TOKEN");
});

Deno.test("it takes the jobs of any cluster", () => {
  assertEquals(process.offer(host), { backend: ["prow"], cluster: ["*"] });
});
