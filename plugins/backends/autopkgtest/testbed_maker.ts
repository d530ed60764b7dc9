import { systemPath } from "./system_command.ts";

/** Where and of what to make a testbed. */
export type TestbedPlan = {
  /** See `testbedFolder`; made when it does not exist. */
  readonly folder: string;
  /** Debian's name of this machine's architecture. */
  readonly arch: string;
  /** The suite that it is of and serves; null: of this machine's own release, for every suite. */
  readonly suite: string | null;
};

/** One release in the apt sources of this machine. */
type Origin = {
  readonly uri: string;
  readonly codename: string;
  readonly component: string;
};

/** What `autopkgtest` wants to find in a root file system. */
const included = "dpkg-dev,ca-certificates";

/**
 * Makes a tarball for the unshare testbed with `mmdebstrap`, from the archive
 * that this machine's own apt uses. It takes about a minute and 220 MB. The
 * tarball is whole as soon as it is there.
 *
 * @returns its path
 * @throws Error with mmdebstrap's own words when it fails.
 */
export async function makeTestbed(plan: TestbedPlan): Promise<string> {
  const release = await ownCodename();
  const suite = plan.suite ?? release;
  const path = `${plan.folder}/${plan.suite ?? "default"}-${plan.arch}.tar`;
  await Deno.mkdir(plan.folder, { recursive: true });
  const unfinished = await Deno.makeTempFile({
    dir: plan.folder,
    suffix: ".tar.unfinished",
  });
  try {
    await run("mmdebstrap", [
      "--variant=apt",
      "--format=tar",
      `--include=${included}`,
      suite,
      unfinished,
      ...sourceLines(await ownOrigins(), release, suite),
    ]);
    await Deno.chmod(unfinished, 0o644);
    await Deno.rename(unfinished, path);
    return path;
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
}

/**
 * Lines of sources.list, with sources, for a suite from this machine's mirror. The release itself comes first,
 * since autopkgtest takes the first line for the default; updates and security
 * follow for this machine's own. None where the mirror is unknown: mmdebstrap knows one.
 */
export function sourceLines(
  origins: readonly Origin[],
  release: string,
  suite: string,
): string[] {
  const main = origins.filter(({ codename }) => codename === release);
  const [first] = main;
  if (first === undefined) return [];
  const components = [...new Set(main.map(({ component }) => component))];
  const further = suite === release
    ? origins.filter(({ codename }) => codename.startsWith(`${release}-`))
    : [];
  return [
    ...new Set([
      `${first.uri} ${suite} ${components.join(" ")}`,
      ...further.map(({ uri, codename, component }) =>
        `${uri} ${codename} ${component}`
      ),
    ]),
  ].flatMap((line) => [`deb ${line}`, `deb-src ${line}`]);
}

/** What this machine's apt is set up with, as far as it is the distribution's. */
async function ownOrigins(): Promise<Origin[]> {
  const listed = await run("apt-get", [
    "indextargets",
    "--format",
    "$(REPO_URI)|$(CODENAME)|$(COMPONENT)|$(ORIGIN)",
    "Created-By: Packages",
  ]);
  return listed.split("\n").flatMap((line) => {
    const [uri = "", codename = "", component = "", origin = ""] = line.split(
      "|",
    );
    return /^(Debian|Ubuntu)$/.test(origin)
      ? [{ uri, codename, component }]
      : [];
  });
}

async function ownCodename(): Promise<string> {
  const text = await Deno.readTextFile("/etc/os-release");
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1];
  if (codename !== undefined) return codename;
  throw new Error(
    "Cannot make a testbed: /etc/os-release does not name this machine's release; name a suite",
  );
}

/** Runs a command to its end; what it printed. */
async function run(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: { PATH: systemPath, LC_ALL: "C" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new Error(`Cannot make a testbed: ${text(stderr).trim()}`);
}
