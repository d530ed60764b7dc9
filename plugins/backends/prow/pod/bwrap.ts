import type { CommandEnd, Host, Work } from "../../../../core/executor.ts";
import { capture } from "./capture.ts";
import { findRootfs, rootfsArguments } from "./rootfs.ts";
import {
  type Container,
  type Folders,
  noCommand,
  prowFolders,
  type Sandbox,
  standardPath,
} from "./sandbox.ts";
import { podSettings } from "./settings.ts";

/**
 * All that varies is an argument of this shell, or in a file for bwrap. A
 * SIGTERM would end bwrap and with it the sandbox at once. So bwrap is in a
 * session of its own, and the shell hands the signal on to the group of the
 * job's process. bwrap dies with the shell.
 */
const script = `
arguments=$1
status=$2
shift 2
hand_on() {
  job=$(sed -n '1s/.*"child-pid": *\\([0-9]*\\).*/\\1/p' "$status")
  [ -z "$job" ] || kill -s TERM -- "-$job" 2> /dev/null
}
trap hand_on TERM
setsid bwrap --args 3 --json-status-fd 4 -- "$@" 3< "$arguments" 4> "$status" &
bwrap=$!
wait "$bwrap"
code=$?
while [ "$code" -gt 128 ] && kill -0 "$bwrap" 2> /dev/null; do
  wait "$bwrap"
  code=$?
done
exit "$code"
`;

/** Debian's bubblewrap: a root file system that cannot be written to, with users, processes and a network of its own. */
export const bubblewrap: Sandbox = {
  env: () => ({ PATH: standardPath, HOME: prowFolders.home }),
  seen: () => prowFolders,
  async run(container, folders, work, host) {
    const { image, command, args } = container;
    const { rootfs: folder } = podSettings(host);
    const rootfs = folder && await findRootfs(folder, image);
    if (!rootfs) {
      return {
        kind: "not_started",
        reason:
          `Cannot run ${image}: SLIPWAY_ROOTFS has no root file system of that name, and no default`,
      };
    }
    const [program] = command;
    if (program === undefined) return noCommand("prow:bwrap", image);
    const given = await sandboxArguments(rootfs, container, folders, host);
    const end = await enter([...command, ...args], given, container, work);
    return end === "not_entered"
      ? {
        kind: "not_started",
        reason: `Cannot run ${
          JSON.stringify(program)
        }: bwrap could not start it in ${rootfs}; the log says why`,
      }
      : end;
  },
};

async function sandboxArguments(
  rootfs: string,
  { env, workingDirectory }: Container,
  folders: Folders,
  host: Host,
): Promise<string[]> {
  const { network } = podSettings(host);
  return [
    ...await rootfsArguments(rootfs),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run"],
    ...["--bind", folders.temporary, prowFolders.temporary],
    ...["--bind", folders.home, prowFolders.home],
    ...["--bind", folders.go, prowFolders.go],
    ...["--bind", folders.logs, prowFolders.logs],
    ...["--unshare-all", ...network === "host" ? ["--share-net"] : []],
    ...["--uid", "0", "--gid", "0", "--cap-drop", "ALL"],
    ...["--new-session", "--die-with-parent"],
    ...["--chdir", workingDirectory ?? prowFolders.home, "--clearenv"],
    ...Object.entries(env).flatMap((
      [name, value],
    ) => ["--setenv", name, value]),
  ];
}

/** Through a file, other users of the machine do not see the job's environment. */
async function enter(
  command: readonly string[],
  given: readonly string[],
  { timeoutSeconds, graceSeconds }: Container,
  work: Work,
): Promise<CommandEnd | "not_entered"> {
  const argumentsFile = `${work.directory}/bwrap-arguments`;
  const statusFile = `${work.directory}/bwrap-status`;
  await Deno.writeTextFile(
    argumentsFile,
    given.map((each) => `${each}\0`).join(""),
    { mode: 0o600 },
  );
  await Deno.writeTextFile(statusFile, "");
  const end = await work.spawn({
    argv: [
      "sh",
      "-c",
      script,
      "slipway",
      argumentsFile,
      statusFile,
      ...command,
    ],
    cwd: work.directory,
    env: { PATH: standardPath, LC_ALL: "C" },
    timeoutSeconds,
    graceSeconds,
  });
  const status = await Deno.readTextFile(statusFile);
  await untilGone(/"child-pid": *(\d+)/.exec(status)?.[1]);
  // bwrap tells the exit code of what it has started, and of nothing else.
  const isEntered = /"exit-code"/.test(status);
  return end.kind === "exited" && !isEntered ? "not_entered" : end;
}

/** A killed sandbox takes a moment to go, and all its processes with it. */
async function untilGone(pid: string | undefined): Promise<void> {
  for (let tries = 0; pid !== undefined && tries < 200; tries++) {
    if (!await isAlive(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function isAlive(pid: string): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Why bwrap does not work here, or null. */
export async function bubblewrapFault(host: Host): Promise<string | null> {
  const { rootfs: folder } = podSettings(host);
  if (folder === null) {
    return "SLIPWAY_ROOTFS names no root file system; make one: mmdebstrap --variant=minbase stable FOLDER";
  }
  if (!await isFolder(folder)) {
    return `SLIPWAY_ROOTFS is ${folder}, which is not a folder`;
  }
  const { end, output } = await capture({
    argv: ["bwrap", "--ro-bind", "/", "/", "--unshare-all", "true"],
    cwd: "/",
    env: { PATH: standardPath, LC_ALL: "C" },
    timeoutSeconds: 10,
  }, null);
  return end.kind === "exited" && end.exitCode === 0
    ? null
    : `bwrap cannot make a sandbox here: ${output.trim()}`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}
