import {
  defineExecutor,
  type Host,
  type Work,
} from "../../../core/executor.ts";
import type { End } from "../../../core/run.ts";
import { findContainment } from "./launch.ts";
import { runPackageTest } from "./package_run.ts";
import { systemCommands, whyMissing } from "./system_command.ts";
import { type Task, taskSchema } from "./task.ts";

const { autopkgtest, dpkgSource } = systemCommands;

/** Where autopkgtest writes the process id of the test that is under way. */
const fixedFile = "/tmp/autopkgtest_script_pid";

/**
 * Tests on this machine itself, one at a time: they may install packages and change whatever
 * they like. For machines that are made for it, and for development.
 */
export const nullTestbed = defineExecutor({
  backend: "autopkgtest",
  name: "null",
  summary: "Tests packages on this very machine, without any isolation",
  task: taskSchema,
  concurrency: 1,
  offer: ({ arch }) => ({ arch: [arch], suite: ["*"] }),
  unready: () => whyMissing([autopkgtest, dpkgSource]),
  run: testOnThisMachine,
});

async function testOnThisMachine(
  task: Task,
  work: Work,
  host: Host,
): Promise<End> {
  if (task.pins.length > 0 || task.extraSources.length > 0) {
    return {
      kind: "not_started",
      reason:
        "Cannot use other sources of packages: autopkgtest:null would change this machine's apt for good",
    };
  }
  const end = await runPackageTest(task, work, host, {
    server: ["null"],
    isDisposable: false,
    containment: await findContainment(["namespaces", "user_namespace"]),
    // Runners beside each other would get into each other's way in dpkg and in autopkgtest's fixed files.
    lockFile: `/run/lock/slipway-autopkgtest-${Deno.uid()}`,
  });
  // A test that was stopped leaves it, and then nobody else may test here. It serves reboots, which there are none of.
  if (end.kind !== "exited") await Deno.remove(fixedFile).catch(() => {});
  return end;
}
