import { defineExecutor } from "../../../core/executor.ts";
import { taskSchema } from "./task.ts";

/** Carries the tasks out where a runner runs. */
export const command = defineExecutor({
  backend: "template",
  name: "command",
  summary: "Runs a command as a local process",
  task: taskSchema,
  offer: () => ({}),
  run: ({ command, timeoutSeconds }, work, host) =>
    work.spawn({
      argv: command,
      cwd: work.directory,
      env: { PATH: host.env.PATH ?? "/usr/local/bin:/usr/bin:/bin" },
      timeoutSeconds,
      graceSeconds: 10,
    }),
});
