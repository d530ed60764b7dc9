/**
 * What Prow's pod is for a job: clonerefs, entrypoint and sidecar around its
 * container, whatever that runs in.
 * @module
 */
import type { CommandEnd, Host, Work } from "../../../../core/executor.ts";
import type { End } from "../../../../core/run.ts";
import { jobEnvironment } from "../environment.ts";
import { expand } from "../expansion.ts";
import type { Task } from "../task.ts";
import { type Checkout, checkOutAll } from "./checkout.ts";
import { finishedJson, readMetadata } from "./finished.ts";
import { Mask } from "./mask.ts";
import { maskedWork } from "./masked_work.ts";
import {
  type Container,
  type Folders,
  hostFolders,
  type Sandbox,
} from "./sandbox.ts";
import { podSettings } from "./settings.ts";
import { revision, startedJson } from "./started.ts";
import { Keeper } from "./upload.ts";

/** Runs a job in a sandbox. Prow's utilities go with it when it is decorated. */
export async function runPod(
  sandbox: Sandbox,
  task: Task,
  lent: Work,
  host: Host,
): Promise<End> {
  const { secrets } = podSettings(host);
  const work = maskedWork(lent, secrets);
  const folders = hostFolders(work.directory);
  for (const folder of [...Object.values(folders), artifactsOf(folders)]) {
    await Deno.mkdir(folder, { recursive: true });
    // An image's user need not be the runner's.
    await Deno.chmod(folder, 0o777);
  }
  const end = task.decorated
    ? await runDecorated(sandbox, task, folders, work, host)
    : await runContainer(sandbox, task, null, folders, work, host);
  return end.kind === "not_started"
    ? { ...end, reason: new Mask(secrets).text(end.reason) }
    : end;
}

async function runDecorated(
  sandbox: Sandbox,
  task: Task,
  folders: Folders,
  work: Work,
  host: Host,
): Promise<End> {
  const gopath = { host: folders.go, shown: sandbox.seen(folders).go };
  const keeper = new Keeper(work);
  const checkout = await checkOutAll(task, work, host, gopath);
  for (const [path, text] of checkout.files) keeper.text(path, text);
  keeper.text(
    "started.json",
    startedJson(task, checkout.records, work.now()),
  );
  const end = await runCheckedOut(sandbox, task, checkout, folders, work, host);
  if (!await keeper.settle()) return end;
  await keeper.artifacts(artifactsOf(folders));
  const finished = {
    end,
    revision: revision(task),
    metadata: await readMetadata(artifactsOf(folders)),
  };
  keeper.text("finished.json", finishedJson(finished, work.now()));
  await keeper.settle();
  return end;
}

async function runCheckedOut(
  sandbox: Sandbox,
  task: Task,
  checkout: Checkout,
  folders: Folders,
  work: Work,
  host: Host,
): Promise<End> {
  if (work.signal.aborted) return { kind: "cancelled" };
  if (checkout.fault !== null) {
    return { kind: "not_started", reason: checkout.fault };
  }
  const { workPath } = checkout;
  return await runContainer(sandbox, task, workPath, folders, work, host);
}

/** @param workPath below GOPATH; null when nothing was cloned */
async function runContainer(
  sandbox: Sandbox,
  task: Task,
  workPath: string | null,
  folders: Folders,
  work: Work,
  host: Host,
): Promise<CommandEnd> {
  const { container } = task;
  if (container === null) {
    return {
      kind: "not_started",
      reason: `Cannot run job "${task.job}": it has no container`,
    };
  }
  const seen = sandbox.seen(folders);
  const env = jobEnvironment(task, work.run, {
    begin: sandbox.env(host, seen),
    artifacts: artifactsOf(seen),
    gopath: seen.go,
  });
  const variables = new Map(Object.entries(env));
  const expanded = (texts: readonly string[]) =>
    texts.map((text) => expand(text, variables));
  const run: Container = {
    image: container.image,
    command: expanded(container.command),
    args: expanded(container.args),
    workingDirectory: workPath === null ? null : `${seen.go}/${workPath}`,
    env,
    timeoutSeconds: task.timeoutSeconds,
    graceSeconds: task.graceSeconds,
  };
  const fault = nulFault(run);
  if (fault !== null) return { kind: "not_started", reason: fault };
  if (container.clusterEnv.length > 0) {
    const names = container.clusterEnv.join(", ");
    work.log(
      `slipway: not set, because only a cluster has their values: ${names}\n`,
    );
  }
  return await sandbox.run(run, folders, work, host);
}

/** No process can be given a NUL, and some files end their entries with one. */
function nulFault({ command, args, env }: Container): string | null {
  const texts = [...command, ...args, ...Object.entries(env).flat()];
  return texts.some((text) => text.includes("\0"))
    ? "its command or environment contains a NUL character"
    : null;
}

function artifactsOf({ logs }: Folders): string {
  return `${logs}/artifacts`;
}
