/**
 * Runs the container of a Prow job: as a process of this machine, or isolated
 * from it. What Prow's pod does around it is the same (pod/).
 * @module
 */
import { defineExecutor, type Host } from "../../../core/executor.ts";
import { bubblewrap, bubblewrapFault } from "./pod/bwrap.ts";
import { podmanContainer, podmanFault } from "./pod/podman.ts";
import { runPod } from "./pod/pod.ts";
import { machine } from "./pod/process.ts";
import type { Sandbox } from "./pod/sandbox.ts";
import { settingsFault } from "./pod/settings.ts";
import { systemCommands, whyMissing } from "./pod/system_command.ts";
import { taskSchema } from "./task.ts";

const { bwrap: bwrapCommand, podman: podmanCommand, catatonit } =
  systemCommands;

/**
 * As a process of this machine, with the rights of the runner: for
 * development, and for jobs whose authors are trusted.
 */
export const process = define({
  name: "process",
  summary: "Runs a job's command as a local process, without its image",
  sandbox: machine,
  unready: () => Promise.resolve(null),
});

/** In a root file system of the operator's, with Debian's bubblewrap. */
export const bwrap = define({
  name: "bwrap",
  summary: "Runs a job's command isolated, in a root file system of yours",
  sandbox: bubblewrap,
  unready: async (host) =>
    await whyMissing([bwrapCommand]) ?? await bubblewrapFault(host),
});

/** In the job's own image. */
export const podman = define({
  name: "podman",
  summary: "Runs a job's container from its image",
  sandbox: podmanContainer,
  unready: async (host) =>
    await whyMissing([podmanCommand, catatonit]) ?? await podmanFault(host),
});

function define({ name, summary, sandbox, unready }: {
  readonly name: string;
  readonly summary: string;
  readonly sandbox: Sandbox;
  readonly unready: (host: Host) => Promise<string | null>;
}) {
  return defineExecutor({
    backend: "prow",
    name,
    summary,
    task: taskSchema,
    offer: () => ({ cluster: ["*"] }),
    unready: async (host) => settingsFault(host) ?? await unready(host),
    run: (task, work, host) => runPod(sandbox, task, work, host),
  });
}
