import { standardPath } from "./sandbox.ts";

/** A command that comes with the operating system's packages, and the package that has it. */
export type SystemCommand = {
  readonly command: string;
  readonly package: string;
};

/** What the executors call, and what makes a root file system. */
export const systemCommands = {
  git: { command: "git", package: "git" },
  bwrap: { command: "bwrap", package: "bubblewrap" },
  podman: { command: "podman", package: "podman" },
  /** It works on machines of any kind of cgroups. */
  runc: { command: "runc", package: "runc" },
  /** podman's first process in a container. */
  catatonit: { command: "catatonit", package: "catatonit" },
  mmdebstrap: { command: "mmdebstrap", package: "mmdebstrap" },
} as const satisfies Record<string, SystemCommand>;

/** Which of them are not installed and how to install them, or null. */
export async function whyMissing(
  commands: readonly SystemCommand[],
): Promise<string | null> {
  const found = await Promise.all(commands.map(isInstalled));
  const missing = commands.filter((_, index) => !found[index]);
  if (missing.length === 0) return null;
  const names = missing.map(({ command }) => command).join(" and ");
  const packages = missing.map((each) => each.package).join(" ");
  return `${names} is not installed here; type: apt-get install --yes --no-install-recommends ${packages}`;
}

/** The last one has what only podman calls. */
const folders = [...standardPath.split(":"), "/usr/libexec/podman"];

async function isInstalled({ command }: SystemCommand): Promise<boolean> {
  for (const folder of folders) {
    try {
      if ((await Deno.stat(`${folder}/${command}`)).isFile) return true;
    } catch {
      // Not in this one.
    }
  }
  return false;
}
