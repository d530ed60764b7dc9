import { defineExecutor, type Work } from "../../../core/executor.ts";
import type { End } from "../../../core/run.ts";
import { type Action, taskSchema } from "./task.ts";

/** Carries out the dummy backend's tasks: ends as it is told to. */
export const dummy = defineExecutor({
  backend: "dummy",
  name: "dummy",
  summary: "ends as it is told to; for tests",
  task: taskSchema,
  offer: (host) => ({
    arch: [host.arch],
    // Lets a test tell runners apart.
    colour: host.env.DUMMY_COLOUR?.split(",") ?? ["*"],
  }),
  unready: (host) => Promise.resolve(host.env.DUMMY_UNREADY ?? null),
  run: (task, work) => act(task.do, work),
});

async function act(action: Action, work: Work): Promise<End> {
  if ("exit" in action) {
    for (const line of action.print) work.log(`${line}\n`);
    return { kind: "exited", exitCode: action.exit };
  }
  if ("sleepSeconds" in action) {
    return await sleep(action.sleepSeconds, action.timeoutSeconds, work);
  }
  if ("failToStart" in action) {
    return { kind: "not_started", reason: action.failToStart };
  }
  if ("crash" in action) throw new Error(action.crash);
  return await work.spawn({
    argv: action.command,
    cwd: work.directory,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    timeoutSeconds: action.timeoutSeconds,
    graceSeconds: action.graceSeconds,
  });
}

async function sleep(
  sleepSeconds: number,
  timeoutSeconds: number | undefined,
  work: Work,
): Promise<End> {
  const seconds = Math.min(sleepSeconds, timeoutSeconds ?? Infinity);
  work.log(`sleeping for ${seconds} s\n`);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(seconds * 1000, 2 ** 31 - 1));
  work.signal.addEventListener("abort", () => resolve(), { once: true });
  if (work.signal.aborted) resolve();
  await promise;
  clearTimeout(timer);
  if (work.signal.aborted) return { kind: "cancelled" };
  if (timeoutSeconds !== undefined && timeoutSeconds < sleepSeconds) {
    return { kind: "timed_out", timeoutSeconds };
  }
  return { kind: "exited", exitCode: 0 };
}
