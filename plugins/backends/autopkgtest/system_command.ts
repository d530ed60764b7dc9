/** A command that comes with the operating system's packages, and the package that has it. */
export type SystemCommand = {
  readonly command: string;
  readonly package: string;
};

/** What the first executors call, and what makes a testbed; `deno task test` sees to these. */
export const systemCommands = {
  autopkgtest: { command: "autopkgtest", package: "autopkgtest" },
  dpkgSource: { command: "dpkg-source", package: "dpkg-dev" },
  newuidmap: { command: "newuidmap", package: "uidmap" },
  mmdebstrap: { command: "mmdebstrap", package: "mmdebstrap" },
  // Only tests sign an archive.
  gpg: { command: "gpg", package: "gpg" },
  gpgAgent: { command: "gpg-agent", package: "gpg-agent" },
} as const satisfies Record<string, SystemCommand>;

/** What the executors call that an operator must have chosen. */
export const chosenCommands = {
  lxc: { command: "lxc-copy", package: "lxc" },
  podman: { command: "podman", package: "podman" },
  qemuImage: { command: "qemu-img", package: "qemu-utils" },
} as const satisfies Record<string, SystemCommand>;

/** Where the system's commands are; what else a runner has on its PATH is no business of a test. */
export const systemPath =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Those of the commands that are not installed. */
export async function missingCommands<Command extends SystemCommand>(
  wanted: readonly Command[],
): Promise<Command[]> {
  const found = await Promise.all(
    wanted.map(({ command }) => isInstalled(command)),
  );
  return wanted.filter((_, index) => !found[index]);
}

/** The one command to type so that these are there. */
export function installCommand(missing: readonly SystemCommand[]): string {
  const names = new Set(missing.map((each) => each.package));
  return `apt-get install --yes --no-install-recommends ${
    [...names].join(" ")
  }`;
}

/** What is missing of the commands and how to install it, or null. */
export async function whyMissing(
  commands: readonly SystemCommand[],
): Promise<string | null> {
  const missing = await missingCommands(commands);
  if (missing.length === 0) return null;
  const names = missing.map(({ command }) => command).join(" and ");
  return `${names} is not installed here; type: ${installCommand(missing)}`;
}

/** How a command that only looks or sets up ended. */
export type Probe = {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a short command of the system to the end. */
export async function probe(
  [command, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Probe> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args,
      env: { PATH: systemPath, LC_ALL: "C", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { ok: success, stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { ok: false, stdout: "", stderr: `${command} is not installed` };
  }
}

async function isInstalled(command: string): Promise<boolean> {
  for (const folder of systemPath.split(":")) {
    try {
      if ((await Deno.stat(`${folder}/${command}`)).isFile) return true;
    } catch {
      // Not in this one.
    }
  }
  return false;
}
