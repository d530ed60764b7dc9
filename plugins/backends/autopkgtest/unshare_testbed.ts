import {
  defineExecutor,
  type Host,
  type Work,
} from "../../../core/executor.ts";
import type { End } from "../../../core/run.ts";
import { findContainment } from "./launch.ts";
import { runPackageTest, temporaryFolder } from "./package_run.ts";
import { findSubIds, inUserNamespace, lentSubIds } from "./sub_ids.ts";
import { probe, systemCommands, whyMissing } from "./system_command.ts";
import { type Task, taskSchema } from "./task.ts";
import { findTestbed, testbedFolder, testbedSuites } from "./testbed_folder.ts";
import { withoutSharedFolder } from "./virtual_server.ts";

const { autopkgtest, newuidmap } = systemCommands;

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
      server: withoutSharedFolder("unshare", [`--tarball=${tarball}`]),
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
