import { defineExecutor } from "../../../core/executor.ts";
import { processEnvironment } from "./environment.ts";
import { expand } from "./expansion.ts";
import { type Task, taskSchema } from "./task.ts";

const standardPath =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Runs a job's first container as a process of this machine, with the rights
 * of the runner: for development, and for jobs whose authors are trusted.
 */
export const process = defineExecutor({
  backend: "prow",
  name: "process",
  summary: "Runs a job's command as a local process, without its image",
  task: taskSchema,
  offer: () => ({ cluster: ["*"] }),
  async run(task, work, host) {
    const artifacts = `${work.directory}/artifacts`;
    await Deno.mkdir(artifacts, { recursive: true });
    const env = processEnvironment(task, work.run, {
      path: host.env.PATH ?? standardPath,
      home: work.directory,
      artifacts,
    });
    const [program, ...args] = toArguments(task, env);
    if (program === undefined) {
      return { kind: "not_started", reason: noCommand(task) };
    }
    const missing = task.container?.clusterEnv ?? [];
    if (missing.length > 0) {
      work.log(
        `slipway: not set, because only a cluster has their values: ${
          missing.join(", ")
        }\n`,
      );
    }
    return await work.spawn({
      argv: [program, ...args],
      cwd: work.directory,
      env,
      timeoutSeconds: task.timeoutSeconds,
      graceSeconds: task.graceSeconds,
    });
  },
});

/** Command and arguments; nothing when the image's own entrypoint would be the command. */
function toArguments(task: Task, env: Record<string, string>): string[] {
  const { command = [], args = [] } = task.container ?? {};
  if (command.length === 0) return [];
  const variables = new Map(Object.entries(env));
  return [...command, ...args].map((text) => expand(text, variables));
}

function noCommand(task: Task): string {
  return task.container === null
    ? `job "${task.job}" has no container, and prow:process runs nothing else`
    : `job "${task.job}" names no command: it relies on the entrypoint of the image ${task.container.image}, which prow:process does not use; add a "command" to its container`;
}
