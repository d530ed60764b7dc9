/**
 * What every executor of Prow jobs must do, with real jobs: whatever a job
 * does, its end is told right and nothing of it is left.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Executor, Host } from "../core/executor.ts";
import type { Task } from "../plugins/backends/prow/task.ts";
import { eventually } from "./eventually.ts";
import { TestRepository } from "./git_repository.ts";
import {
  begin,
  carryOut,
  type JobOptions,
  makeFolder,
  scriptTask,
} from "./pod.ts";

/** How to run the jobs. */
export type PodJobs = {
  readonly executor: Executor;
  readonly host: Host;
  /** The image of the jobs. */
  readonly image: string;
  /** Whether even a process that makes a session of its own cannot stay. */
  readonly isIsolated: boolean;
  /** Why it cannot work here, or null. */
  readonly lacking: string | null;
};

/** Registers a test of an executor; what apt cannot provide is no reason to skip it when `CI=true`. */
export function podTest(
  { executor, lacking }: PodJobs,
  name: string,
  fn: () => Promise<void>,
): void {
  const ignore = lacking !== null && Deno.env.get("CI") !== "true";
  const title = `prow:${executor.name}: ${name}`;
  Deno.test({
    name: ignore ? `${title} (skipped: ${lacking})` : title,
    ignore,
    fn,
  });
}

type Env = Record<string, string>;

/** What a guarantee is tried with. */
type Given = PodJobs & {
  job(script: string, more?: JobOptions, env?: Env): Task;
};

const guarantees: readonly (readonly [
  name: string,
  hold: (given: Given) => Promise<void>,
])[] = [
  [
    "a job is in its repository, and what it leaves in ARTIFACTS is kept",
    async ({ executor, host, job }) => {
      await using folder = await makeFolder();
      const repository = await TestRepository.make(`${folder.path}/app`);
      const base_sha = await repository.git("rev-parse", "HEAD");
      const { end, log, files } = await carryOut(
        executor,
        job(
          'pwd | grep -o "/src/.*"; cat README.md; echo new > made; test "$PWD" = "$GOPATH/src/github.com/o/app"; mkdir "$ARTIFACTS/sub"; echo kept > "$ARTIFACTS/sub/a.txt"; echo \'{"v": 1}\' > "$ARTIFACTS/metadata.json"',
          {
            type: "postsubmit",
            refs: {
              org: "o",
              repo: "app",
              base_ref: "main",
              base_sha,
              clone_uri: repository.path,
            },
          },
        ),
        withRoots(host, folder.path),
      );
      assertEquals(end, { kind: "exited", exitCode: 0 }, log);
      assertEquals(log, "/src/github.com/o/app\nhello\n");
      assertEquals([...files.keys()].sort(), [
        "artifacts/metadata.json",
        "artifacts/sub/a.txt",
        "clone-log.txt",
        "clone-records.json",
        "finished.json",
        "started.json",
      ]);
      assertEquals(files.get("artifacts/sub/a.txt"), "kept\n");
      const started = JSON.parse(files.get("started.json") ?? "");
      assertEquals(started["repo-commit"], base_sha);
      const finished = JSON.parse(files.get("finished.json") ?? "");
      assertEquals(
        [finished.result, finished.metadata, finished.revision],
        ["SUCCESS", { v: 1 }, base_sha],
      );
    },
  ],

  [
    "the environment is Prow's, and nothing of the runner's",
    async ({ executor, host, job }) => {
      const { arch, env } = host;
      const { end, log } = await carryOut(
        executor,
        job(
          'echo "$JOB_NAME $BUILD_ID $GREETING $(JOB_TYPE) [$SECRET]"; exit 3',
          {},
          { GREETING: "a 'quoted'\nsalut" },
        ),
        { arch, env: { ...env, SECRET: "of the runner" } },
      );
      assertEquals(log, "j 42 a 'quoted'\nsalut periodic []\n");
      assertEquals(end, { kind: "exited", exitCode: 3 });
    },
  ],

  [
    "a job that outlives its timeout may clean up, and has failed",
    async ({ executor, host, job }) => {
      const { end, log, files } = await carryOut(
        executor,
        job(
          "trap 'echo cleaned > \"$ARTIFACTS/x\"; exit 0' TERM; echo begun; sleep 600 & wait",
          { timeoutSeconds: 3, graceSeconds: 20 },
        ),
        host,
      );
      assertEquals(end, { kind: "timed_out", timeoutSeconds: 3 }, log);
      assertEquals(files.get("artifacts/x"), "cleaned\n");
      assertEquals(resultIn(files), "FAILURE");
    },
  ],

  [
    "a job that ignores SIGTERM is killed after its grace period",
    async ({ executor, host, job }) => {
      const marker = uniqueSeconds();
      const { end } = await carryOut(
        executor,
        job(`trap '' TERM; echo begun; while :; do sleep ${marker}; done`, {
          timeoutSeconds: 2,
          graceSeconds: 1,
        }),
        host,
      );
      assertEquals(end, { kind: "timed_out", timeoutSeconds: 2 });
      await assertNoneRuns(marker);
    },
  ],

  [
    "what a job leaves running ends with it",
    async ({ executor, host, job, isIsolated }) => {
      const marker = uniqueSeconds();
      const daemon = isIsolated
        ? `setsid sleep ${marker} > /dev/null 2>&1 & `
        : "";
      const { end, log } = await carryOut(
        executor,
        job(`${daemon}sleep ${marker} & echo left`),
        host,
      );
      assertEquals(end, { kind: "exited", exitCode: 0 });
      assertEquals(log, "left\n");
      await assertNoneRuns(marker);
    },
  ],

  ["a log of 50 MB is whole", async ({ executor, host, job }) => {
    await using attempt = await begin(
      executor,
      job("yes 0123456789abcde | head -c 50000000; echo; echo end"),
      host,
    );
    assertEquals(await attempt.end, { kind: "exited", exitCode: 0 });
    assertEquals(attempt.logBytes(), 50_000_005);
    assert(attempt.log().endsWith("\nend\n"));
  }],

  [
    "a run that is cancelled is over, and finished.json says so",
    async ({ executor, host, job }) => {
      const marker = uniqueSeconds();
      await using attempt = await begin(
        executor,
        job(`echo begun; sleep ${marker} & wait`),
        host,
      );
      await eventually(
        () => attempt.log().includes("begun"),
        "the job does not begin",
        30_000,
      );
      attempt.stop();
      assertEquals(await attempt.end, { kind: "cancelled" });
      assertEquals(resultIn(attempt.files), "ABORTED");
      await assertNoneRuns(marker);
    },
  ],

  [
    "an undecorated job has none of Prow's utilities",
    async ({ executor, host, job }) => {
      const { end, log, files } = await carryOut(
        executor,
        job('echo "[$ARTIFACTS$GOPATH]"', { decorated: false }),
        host,
      );
      assertEquals(end, { kind: "exited", exitCode: 0 });
      assertEquals([log, files.size], ["[]\n", 0]);
    },
  ],

  [
    "a NUL in the environment is refused",
    async ({ executor, host, job }) => {
      const { end } = await carryOut(
        executor,
        job("true", {}, { A: "a\0--bind\0/\0/host" }),
        host,
      );
      assertMatch("reason" in end ? end.reason : "", /NUL character$/);
    },
  ],
];

/** Registers the tests. */
export function testPodJobs(jobs: PodJobs): void {
  const given: Given = {
    ...jobs,
    job: (script, more = {}, env = {}) =>
      scriptTask(script, { image: jobs.image, env, ...more }),
  };
  for (const [name, hold] of guarantees) {
    podTest(jobs, name, () => hold(given));
  }
}

/** A host that may clone from a folder. */
export function withRoots(host: Host, folder: string): Host {
  return { ...host, env: { ...host.env, SLIPWAY_GIT_ROOTS: folder } };
}

/** What finished.json says. */
export function resultIn(files: ReadonlyMap<string, string>): string {
  return JSON.parse(files.get("finished.json") ?? "{}").result;
}

/** A time to sleep that tells a process from every other. */
export function uniqueSeconds(): string {
  return `${100_000_000 + Math.floor(Math.random() * 900_000_000)}`;
}

/** No process of this machine has a text among its arguments any more. */
export async function assertNoneRuns(marker: string): Promise<void> {
  await eventually(
    async () => (await processesWith(marker)).length === 0,
    `a process is left that has ${marker}`,
  );
}

async function processesWith(marker: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`)
      .catch(() => "");
    if (command.includes(marker)) found.push(command);
  }
  return found;
}
