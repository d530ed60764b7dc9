import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../../core/json.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { TestRepository } from "../../../tests/git_repository.ts";
import {
  carryOut,
  hostWith,
  makeFolder,
  scriptTask,
} from "../../../tests/pod.ts";
import { resultIn, testPodJobs, withRoots } from "../../../tests/pod_jobs.ts";
import { process } from "./executor.ts";
import type { Refs } from "./refs.ts";
import type { Task } from "./task.ts";

const host = hostWith();

/** A task as it arrives at a runner. */
function sent(task: Task): JsonObject {
  return JSON.parse(JSON.stringify(task));
}

function withContainer(container: Partial<Task["container"]>): Task {
  const task = scriptTask("");
  return {
    ...task,
    container: task.container && { ...task.container, ...container },
  };
}

testExecutor(process, {
  host,
  tasks: {
    passing: sent(scriptTask("echo done")),
    failing: sent(scriptTask("exit 3")),
    endless: sent(scriptTask("echo here; sleep 600 & wait")),
    unstartable: sent(withContainer({ command: ["no-such-command"] })),
  },
});

testPodJobs({
  executor: process,
  host,
  image: "docker.io/library/debian",
  isIsolated: false,
  lacking: null,
});

Deno.test("a process has a folder of its own for HOME and temporary files, and is in it", async () => {
  const { log } = await carryOut(
    process,
    scriptTask('pwd; echo "$HOME"; ls -A; test -d "$TMPDIR"'),
  );
  const [folder, home, ...rest] = log.trimEnd().split("\n");
  assertEquals([home, rest], [folder, []]);
});

Deno.test("$(NAME) is expanded in the command and its arguments", async () => {
  const { log } = await carryOut(process, {
    ...withContainer({
      command: ["$(SHELL_NAME)", "-c"],
      args: ["echo $(JOB_NAME) '$$(date)' '$(MISSING)'"],
      env: [{ name: "SHELL_NAME", value: "sh" }],
    }),
  });
  assertEquals(log, "j $(date) $(MISSING)\n");
});

const notStarted: readonly (readonly [string, Task, string])[] = [
  [
    "a command that does not exist",
    withContainer({ command: ["no-such-command"] }),
    "no-such-command",
  ],
  [
    "a container without a command",
    withContainer({ command: [], image: "busybox" }),
    "it names no command but relies on the entrypoint of the image busybox",
  ],
  [
    "a job without a container",
    { ...scriptTask(""), container: null },
    'Cannot run job "j": it has no container',
  ],
];

for (const [name, given, reason] of notStarted) {
  Deno.test(`${name} is not started, and the reason says so`, async () => {
    const { end, files } = await carryOut(process, given);
    assertEquals(end.kind, "not_started");
    assertStringIncludes("reason" in end ? end.reason : "", reason);
    assertEquals(resultIn(files), "FAILURE");
  });
}

Deno.test("variables that only a cluster has are named in the log", async () => {
  const { log } = await carryOut(
    process,
    withContainer({ clusterEnv: ["TOKEN"] }),
  );
  assertStringIncludes(log, "not set, because only a cluster has");
  assertStringIncludes(log, "TOKEN");
});

Deno.test("it takes the jobs of any cluster", () => {
  assertEquals(process.offer(host), { backend: ["prow"], cluster: ["*"] });
});

/** A folder with a repository of two pulls that go together and a third that conflicts with the first. */
async function pulls() {
  const folder = await makeFolder();
  const { path } = folder;
  const repository = await TestRepository.make(`${path}/app`);
  const base_sha = await repository.git("rev-parse", "HEAD");
  const pull = async (number: number, files: Record<string, string>) => ({
    number,
    author: "a",
    sha: await repository.pull(number, files),
  });
  const all = [
    await pull(1, { "README.md": "one\n" }),
    await pull(2, { two: "two\n" }),
    await pull(3, { "README.md": "three\n" }),
  ];
  const refs: Refs = {
    org: "o",
    repo: "app",
    base_ref: "main",
    base_sha,
    clone_uri: `file://${repository.path}`,
  };
  return {
    path,
    host: withRoots(host, path),
    presubmit: (script: string, ...numbers: number[]) =>
      scriptTask(script, {
        type: "presubmit",
        refs: {
          ...refs,
          pulls: all.filter(({ number }) => numbers.includes(number)),
        },
      }),
    sha: (number: number) => all[number - 1]?.sha,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("a presubmit is in the merge of its pulls", async () => {
  await using world = await pulls();
  const { end, log, files } = await carryOut(
    process,
    world.presubmit("cat README.md two; git rev-parse HEAD", 1, 2),
    world.host,
  );
  assertEquals(end, { kind: "exited", exitCode: 0 });
  const started = JSON.parse(files.get("started.json") ?? "");
  const { "repo-commit": merged, pull } = started;
  assertEquals(log, `one\ntwo\n${merged}\n`);
  assertEquals(pull, "1");
  const [record] = JSON.parse(files.get("clone-records.json") ?? "");
  assertEquals([record.final_sha, record.refs.repo], [merged, "app"]);
  assertStringIncludes(
    files.get("clone-log.txt") ?? "",
    `#	2(${world.sha(2)})`,
  );
});

Deno.test("a presubmit whose pulls conflict is not started: reason, log and files say why", async () => {
  await using world = await pulls();
  const task = world.presubmit("echo never", 1, 3);
  const { end, log, files } = await carryOut(process, task, world.host);
  assertEquals(end, {
    kind: "not_started",
    reason: `Cannot clone o/app: pull 3 (${
      world.sha(3)
    }) does not merge into main: CONFLICT (content): Merge conflict in README.md`,
  });
  assertStringIncludes(log, "Merge conflict in README.md");
  assert(!log.includes("never"));
  assertStringIncludes(files.get("clone-log.txt") ?? "", "# FAILED");
  const [record] = JSON.parse(files.get("clone-records.json") ?? "");
  assertEquals(record.failed, true);
  assertEquals([resultIn(files), files.has("started.json")], ["FAILURE", true]);
});

Deno.test("extra_refs are cloned beside, and the one marked workdir is where the job starts", async () => {
  await using folder = await makeFolder();
  const { path } = folder;
  const extra = async (repo: string, workdir: boolean): Promise<Refs> => {
    const { path: clone_uri } = await TestRepository.make(`${path}/${repo}`);
    return { org: "o", repo, base_ref: "main", clone_uri, workdir };
  };
  const task = scriptTask('basename "$PWD"; ls ..', {
    extraRefs: [await extra("one", false), await extra("two", true)],
  });
  const { log } = await carryOut(process, task, withRoots(host, path));
  assertEquals(log, "two\none\ntwo\n");
});

Deno.test("two repositories in one place are refused", async () => {
  const refs = { org: "o", repo: "r", base_ref: "main" };
  const { end } = await carryOut(
    process,
    scriptTask("", { refs, extraRefs: [{ ...refs, base_ref: "dev" }] }),
  );
  assertEquals(end, {
    kind: "not_started",
    reason:
      "Cannot clone its repositories: two repositories cannot both be in src/github.com/o/r",
  });
});

Deno.test("skip_cloning clones nothing", async () => {
  const { end, files } = await carryOut(
    process,
    scriptTask("true", {
      refs: { org: "o", repo: "r", base_ref: "main" },
      decorationConfig: { skip_cloning: true },
    }),
  );
  assertEquals(end, { kind: "exited", exitCode: 0 });
  assertEquals(files.has("clone-log.txt"), false);
  assertEquals(JSON.parse(files.get("started.json") ?? "").repos, {
    "o/r": "main",
  });
});

Deno.test("secrets that the operator names do not get into the log, however they are written", async () => {
  const secret = "hunter2-hunter2";
  const { log, end } = await carryOut(
    process,
    scriptTask(
      'printf "a %s" hunter2; sleep 0.2; printf -- "-hunter2 b\\n"; printf "x:$GIVEN" | base64; echo hunter2',
      { env: { GIVEN: secret } },
    ),
    hostWith({ SLIPWAY_MASK: "TOKEN", TOKEN: secret }),
  );
  assertEquals(end, { kind: "exited", exitCode: 0 });
  const [first, encoded, last] = log.split("\n");
  assertEquals([first, last], ["a XXX b", "hunter2"]);
  assert(encoded?.includes("XXX"), encoded);
});

Deno.test("a secret in a repository's URL shows neither in the log nor in the records", async () => {
  const secret = "token-of-the-operator";
  const { end, log, files } = await carryOut(
    process,
    scriptTask("", {
      refs: {
        org: "o",
        repo: "r",
        base_ref: "main",
        clone_uri: `http://user:pass@host/${secret}`,
      },
    }),
    hostWith({ SLIPWAY_MASK: "TOKEN", TOKEN: secret }),
  );
  const all = JSON.stringify([end, log, ...files]);
  assertStringIncludes(all, "http://XXX@host/XXX");
  assert(!all.includes(secret) && !all.includes("user:pass"), all);
});

Deno.test("an executor whose secrets cannot be masked is not ready", async () => {
  const reason = await process.unready(hostWith({ SLIPWAY_MASK: "TOKEN" }));
  assertStringIncludes(reason ?? "", "SLIPWAY_MASK names TOKEN");
});
