/**
 * Carries out a workflow's `run:` steps one after the other on this machine,
 * with the rights of the runner, as GitHub's own runner does on a machine of yours.
 *
 * @module
 */
import {
  type Command,
  defineExecutor,
  type Host,
  type Work,
} from "../../core/executor.ts";
import type { End } from "../../core/run.ts";
import { type Task, taskSchema } from "./task.ts";

/** GitHub's two shells: what is said, what is not (which stops at the first failing command all the same). */
const shells = {
  bash: ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
  sh: ["sh", "-e"],
  unsaid: ["bash", "-e"],
} as const;

export const steps = defineExecutor({
  backend: "github_actions",
  name: "steps",
  summary: "Runs a workflow's run: steps as local processes",
  task: taskSchema,
  offer: (host) => ({
    "runs-on": host.env.GITHUB_ACTIONS_RUNS_ON?.split(",") ?? ["*"],
  }),
  run: carryOut,
});

async function carryOut(task: Task, work: Work, host: Host): Promise<End> {
  if (work.signal.aborted) return { kind: "cancelled" };
  const summary = `${work.directory}/summary.md`;
  const workspace = `${work.directory}/workspace`;
  await Deno.mkdir(workspace);
  await Deno.writeTextFile(summary, "");
  const env = surroundings(task, work, host, { summary, workspace });
  const deadline = work.now() + task.timeoutSeconds * 1000;
  let end: End = { kind: "exited", exitCode: 0 };
  for (const step of task.steps) {
    const timeoutSeconds = Math.max(1, (deadline - work.now()) / 1000);
    end = await runStep(step, work, { cwd: workspace, env, timeoutSeconds });
    if (end.kind === "timed_out") {
      end = { ...end, timeoutSeconds: task.timeoutSeconds };
    }
    if (end.kind !== "exited" || end.exitCode !== 0) break;
  }
  await keepSummary(summary, work);
  return end;
}

async function runStep(
  step: Task["steps"][number],
  work: Work,
  { cwd, env, timeoutSeconds }: Pick<Command, "cwd" | "env" | "timeoutSeconds">,
): Promise<End> {
  work.log(`##[group]Run ${step.name}\n${step.run.trimEnd()}\n##[endgroup]\n`);
  const script = `${work.directory}/step.sh`;
  await Deno.writeTextFile(script, step.run);
  const [program, ...options] = shells[step.shell ?? "unsaid"];
  const end = await work.spawn({
    argv: [program, ...options, script],
    cwd,
    env: { ...env, ...step.env },
    timeoutSeconds,
    graceSeconds: 8,
  });
  if (end.kind !== "exited" || end.exitCode === 0) return end;
  work.log(`##[error]Process completed with exit code ${end.exitCode}.\n`);
  return { ...end, facts: { step: step.name } };
}

/** The variables that GitHub documents, as far as there is something to say. */
function surroundings(
  task: Task,
  { run, directory }: Work,
  { env }: Host,
  { summary, workspace }: { summary: string; workspace: string },
): Record<string, string> {
  return {
    PATH: env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: directory,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_RUN_ID: String(run.number),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: directory,
    ...task.env,
  };
}

/** A link that a step put in the place of its summary could lead to a file of the machine. */
async function keepSummary(path: string, work: Work): Promise<void> {
  const { isFile, size } = await Deno.lstat(path)
    .catch(() => ({ isFile: false, size: 0 }));
  if (!isFile || size === 0 || work.signal.aborted) return;
  await work.upload("summary.md", { file: path }, "text/markdown");
}
