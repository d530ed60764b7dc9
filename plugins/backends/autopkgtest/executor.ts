/**
 * Runs package tests with Debian's own `autopkgtest`, on this machine itself
 * or in a root file system that is thrown away.
 * @module
 */
import {
  defineExecutor,
  type Host,
  type Work,
} from "../../../core/executor.ts";
import type { End } from "../../../core/run.ts";
import { findContainment } from "./launch.ts";
import { runPackageTest, temporaryFolder } from "./package_run.ts";
import { findSubIds, inUserNamespace, lentSubIds } from "./sub_ids.ts";
import {
  installCommand,
  missingCommands,
  probe,
  type SystemCommand,
  systemCommands,
} from "./system_command.ts";
import { type Task, taskSchema } from "./task.ts";
import { findTestbed, testbedFolder, testbedSuites } from "./testbed_folder.ts";

const { autopkgtest, dpkgSource, newuidmap } = systemCommands;

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

/** Tests in a root file system in a user namespace, made anew for each run from a tarball. */
export const unshareTestbed = defineExecutor({
  backend: "autopkgtest",
  name: "unshare",
  summary: "Tests packages in a root file system that is thrown away",
  task: taskSchema,
  offer(host) {
    const suite = testbedSuites(testbedFolder(host), host.arch);
    return {
      arch: [host.arch],
      testbed: ["disposable"],
      ...(suite.length > 0 ? { suite } : {}),
    };
  },
  unready: whyNoUserNamespace,
  run: testInUserNamespace,
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

async function testInUserNamespace(
  task: Task,
  work: Work,
  host: Host,
): Promise<End> {
  const folder = testbedFolder(host);
  const tarball = findTestbed(folder, task.suite, host.arch);
  if (tarball === null) {
    const reason =
      `Cannot test in ${task.suite}: ${folder} has no testbed for it`;
    return { kind: "not_started", reason };
  }
  const subIds = await findSubIds();
  if ("fault" in subIds) {
    const reason = `Cannot make a user namespace: ${subIds.fault}`;
    return { kind: "not_started", reason };
  }
  let subIdFile: string | undefined;
  if (subIds.kind === "lent") {
    subIdFile = `${work.directory}/subids`;
    await Deno.writeTextFile(subIdFile, lentSubIds);
  }
  work.log(`slipway: the testbed is ${tarball}\n`);
  try {
    return await runPackageTest(task, work, host, {
      server: ["unshare", `--tarball=${tarball}`],
      isDisposable: true,
      // Without root the testbed's own namespaces must do: others would take its subordinate ids away.
      containment: await findContainment(["namespaces"]),
      subIdFile,
    });
  } finally {
    await removeRootFileSystem(work.directory);
  }
}

/** A run that was stopped leaves its root file system, whose files only root and the namespace may remove. */
async function removeRootFileSystem(directory: string): Promise<void> {
  if (Deno.uid() === 0) return;
  const left = temporaryFolder(directory);
  await probe([...inUserNamespace, "rm", "-rf", "--", left]);
}

async function whyNoUserNamespace(host: Host): Promise<string | null> {
  const missing = await whyMissing([autopkgtest, newuidmap]);
  if (missing !== null) return missing;
  const subIds = await findSubIds();
  if ("fault" in subIds) {
    return `a user namespace cannot be made here (${subIds.fault}); give this user subordinate ids: usermod --add-subuids 700000000-700065535 --add-subgids 700000000-700065535 USER`;
  }
  const folder = testbedFolder(host);
  return testbedSuites(folder, host.arch).length > 0
    ? null
    : `${folder} has no testbed; make one: deno task testbed`;
}

async function whyMissing(
  commands: readonly SystemCommand[],
): Promise<string | null> {
  const missing = await missingCommands(commands);
  if (missing.length === 0) return null;
  const names = missing.map(({ command }) => command).join(" and ");
  return `${names} is not installed here; type: ${installCommand(missing)}`;
}
