/** A command that comes with the operating system's packages, and the package that has it. */
export type SystemCommand = {
  readonly command: string;
  readonly package: string;
};

/** What the executors call, and what makes a testbed. */
export const systemCommands = {
  autopkgtest: { command: "autopkgtest", package: "autopkgtest" },
  dpkgSource: { command: "dpkg-source", package: "dpkg-dev" },
  newuidmap: { command: "newuidmap", package: "uidmap" },
  mmdebstrap: { command: "mmdebstrap", package: "mmdebstrap" },
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

/** How a command that only looks or sets up ended. */
export type Probe = { readonly ok: boolean; readonly stderr: string };

/** Runs a short command of the system to the end. */
export async function probe(
  [command, ...args]: readonly [string, ...string[]],
): Promise<Probe> {
  try {
    const { success, stderr } = await new Deno.Command(command, {
      args,
      env: { PATH: systemPath, LC_ALL: "C" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return { ok: success, stderr: new TextDecoder().decode(stderr).trim() };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { ok: false, stderr: `${command} is not installed` };
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
