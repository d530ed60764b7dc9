import type { CommandEnd, Host } from "../../../../core/executor.ts";
import { capture, type Captured } from "./capture.ts";
import { type Image, readImage } from "./image.ts";
import {
  type Container,
  type Folders,
  prowFolders,
  type Sandbox,
  standardPath,
} from "./sandbox.ts";
import { podSettings } from "./settings.ts";

/** Pulling an image over a slow line. */
const createSeconds = 3600;
/** What changes or asks for a container without running it. */
const promptSeconds = 120;

/** What of the runner's environment is podman's own: where its configuration, storage and credentials are. */
const handedOn = [
  "PATH",
  "HOME",
  "USER",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "CONTAINERS_CONF",
  "CONTAINERS_STORAGE_CONF",
  "CONTAINERS_REGISTRIES_CONF",
  "REGISTRY_AUTH_FILE",
  "DBUS_SESSION_BUS_ADDRESS",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "no_proxy",
  "NO_PROXY",
];

/** The job's image, run by podman. */
export const podmanContainer: Sandbox = {
  env: () => ({}),
  seen: () => prowFolders,
  async run(container, folders, work, host) {
    const image = readImage(container.image);
    if (image === null) {
      const reason = `Cannot run ${
        JSON.stringify(container.image)
      }: it is not the name of an image`;
      return { kind: "not_started", reason };
    }
    const name = `slipway-${work.run.id}-${work.run.attempt}`;
    const podman = (args: readonly string[], seconds: number) =>
      runPodman(args, seconds, host, work.signal);
    try {
      const made = fault(
        await podman(
          creation(name, image, container, folders, host),
          createSeconds,
        ),
      ) ??
        fault(await podman(["init", name], promptSeconds));
      if (made !== null) return made;
      return await work.spawn({
        // Its warnings are no part of the job's log.
        argv: ["podman", "--log-level=error", "start", "--attach", name],
        cwd: work.directory,
        env: podmanEnvironment(host),
        timeoutSeconds: container.timeoutSeconds,
        graceSeconds: container.graceSeconds,
      });
    } finally {
      // Without a signal: this must happen above all when the run is stopped.
      await runPodman(
        ["rm", "--force", "--time=0", "--ignore", name],
        promptSeconds,
        host,
        null,
      );
    }
  },
};

/** Why podman does not work here, in its own words, or null. */
export async function podmanFault(host: Host): Promise<string | null> {
  const args = ["info", "--format", "{{.Host.OCIRuntime.Name}}"];
  const end = fault(await runPodman(args, promptSeconds, host, null));
  return end?.kind === "not_started" ? end.reason : null;
}

/** The first process is podman's own, so that a job needs no care for signals and orphans. */
function creation(
  name: string,
  image: Image,
  container: Container,
  folders: Folders,
  host: Host,
): string[] {
  const { timeoutSeconds, graceSeconds, workingDirectory } = container;
  const [entrypoint, ...command] = container.command;
  const { network } = podSettings(host);
  const lifeSeconds = Math.ceil(timeoutSeconds + graceSeconds) + promptSeconds;
  return [
    ...["create", "--quiet", "--init", `--name=${name}`, "--label=slipway"],
    ...[`--pull=${image.isFixed ? "missing" : "newer"}`, "--log-driver=none"],
    ...[`--network=${network}`, "--http-proxy=false"],
    // A runner that is killed leaves the container; this ends it all the same.
    `--timeout=${lifeSeconds}`,
    "--security-opt=label=disable",
    `--volume=${folders.temporary}:${prowFolders.temporary}`,
    `--volume=${folders.go}:${prowFolders.go}`,
    `--volume=${folders.logs}:${prowFolders.logs}`,
    ...Object.entries(container.env).map(([name, value]) =>
      `--env=${name}=${value}`
    ),
    ...workingDirectory === null ? [] : [`--workdir=${workingDirectory}`],
    ...entrypoint === undefined
      ? []
      : [`--entrypoint=${JSON.stringify([entrypoint])}`],
    ...["--", image.name, ...command, ...container.args],
  ];
}

async function runPodman(
  args: readonly string[],
  timeoutSeconds: number,
  host: Host,
  signal: AbortSignal | null,
): Promise<Captured> {
  return await capture({
    argv: ["podman", ...args],
    cwd: "/",
    env: podmanEnvironment(host),
    timeoutSeconds,
  }, signal);
}

/** The end of a container that cannot be made; null when it can. */
function fault({ end, output }: Captured): CommandEnd | null {
  switch (end.kind) {
    case "exited": {
      if (end.exitCode === 0) return null;
      const lines = output.trim().split("\n");
      const said = lines.findLast((line) => line.startsWith("Error: ")) ??
        lines.at(-1) ?? "";
      return {
        kind: "not_started",
        reason: `podman: ${said.replace(/^Error: /, "")}`,
      };
    }
    case "timed_out":
      return {
        kind: "not_started",
        reason: `podman: it took longer than ${end.timeoutSeconds} s`,
      };
    case "cancelled":
    case "not_started":
      return end;
    default:
      return end satisfies never;
  }
}

function podmanEnvironment({ env }: Host): Record<string, string> {
  const given = handedOn.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { PATH: standardPath, LC_ALL: "C", ...Object.fromEntries(given) };
}
