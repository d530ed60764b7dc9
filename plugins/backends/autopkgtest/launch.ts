import { probe } from "./system_command.ts";

/**
 * How far a command is held together: in namespaces of its own for processes
 * and mounts, whatever it left running is killed when it ends, and whatever it mounted
 * is gone. Tests run under `su`, which leaves the process group, so killing the
 * group is not enough.
 *
 * | | |
 * |---|---|
 * | `namespaces` | as root |
 * | `user_namespace` | as anybody, in which nobody can become another user |
 * | `none` | nothing but the process group |
 */
export type Containment = "namespaces" | "user_namespace" | "none";

/** What a command needs around it. */
export type Surroundings = {
  readonly containment: Containment;
  /** Stands in for /etc/subuid and /etc/subgid; only in `namespaces`. */
  readonly subIdFile?: string | undefined;
  /** Held while the command runs: commands with the same file go one after another. */
  readonly lockFile?: string | undefined;
};

/** The exit code when the surroundings could not be made. autopkgtest has none above 20. */
export const notLaunchedCode = 125;

/**
 * Everything that varies is an argument, so nothing is ever read as shell. The
 * shell outlives SIGTERM, so that the command can clean up before the
 * namespace ends with its first process. `command` keeps a failed `exec` from ending
 * the shell with a code that would read as a result.
 */
const script = `
trap : TERM
if [ -n "$1" ]; then
  mount --bind "$1" /etc/subuid && mount --bind "$1" /etc/subgid || exit ${notLaunchedCode}
fi
if [ -n "$2" ]; then
  command exec 9> "$2" || exit ${notLaunchedCode}
  flock --nonblock 9 || {
    echo "slipway: waiting until another test on this machine is over"
    flock 9 || exit ${notLaunchedCode}
  }
fi
shift 2
"$@" 9>&-
exit "$?"
`;

const ownNamespaces = [
  "--mount",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
  "--",
] as const;

const prefixes = {
  namespaces: ["unshare", ...ownNamespaces],
  user_namespace: [
    "unshare",
    "--user",
    "--map-current-user",
    ...ownNamespaces,
  ],
  none: [],
} as const satisfies Record<Containment, readonly string[]>;

/** The arguments that run a command in its surroundings; its exit code is handed on. */
export function launch(
  command: readonly string[],
  surroundings: Surroundings,
): [string, ...string[]] {
  const { containment, subIdFile = "", lockFile = "" } = surroundings;
  const [program, ...args] = [...prefixes[containment], "sh"] as const;
  return [
    program,
    ...args,
    "-c",
    script,
    "slipway",
    subIdFile,
    lockFile,
    ...command,
  ];
}

/** The first of these that this runner may make: a container may keep even root from it. */
export async function findContainment(
  wanted: readonly Containment[],
): Promise<Containment> {
  for (const containment of wanted) {
    const nothing = launch(["true"], { containment });
    if ((await probe(nothing)).ok) return containment;
  }
  return "none";
}
