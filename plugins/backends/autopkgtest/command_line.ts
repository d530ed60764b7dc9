import type { Task } from "./task.ts";

/** How autopkgtest is to be called. */
export type Call = {
  /** A source tree's absolute path, or the name of a package in the archive. */
  readonly source: string;
  /** A folder that autopkgtest makes. */
  readonly outputDirectory: string;
  /** Updates the testbed's packages first, as debci does. */
  readonly doesUpgrade: boolean;
  /** Files of the keys that sign extra sources, by the source's name. */
  readonly keyFiles: ReadonlyMap<string, string>;
  /** What follows `--`: the virtualisation server and its arguments. */
  readonly server: readonly string[];
};

/** Where a source's key is in the testbed: trusted for that source only. */
function keyPath(sourceName: string): string {
  return `/etc/apt/keyrings/slipway-${sourceName}.asc`;
}

/**
 * autopkgtest's arguments for a task (wire 3.2): pinned suites become releases
 * of the testbed's apt, unless there are extra sources, which the requester then
 * lists in full. autopkgtest writes extra sources into a file of
 * /etc/apt/sources.list.d and reads their lists, so that a pin such as `src:foo`
 * may name what only they have.
 */
export function commandLine(task: Task, call: Call): string[] {
  const addsReleases = task.extraSources.length === 0;
  return [
    "autopkgtest",
    "--no-built-binaries",
    `--output-dir=${call.outputDirectory}`,
    `--timeout-test=${task.testTimeoutSeconds}`,
    ...(task.testNames ?? []).map((name) => `--test-name=${name}`),
    ...(call.doesUpgrade ? ["--apt-upgrade"] : []),
    ...task.pins.flatMap(({ suite, packages }) => [
      ...(addsReleases ? [`--add-apt-release=${suite}`] : []),
      `--pin-packages=${suite}=${packages.join(",")}`,
    ]),
    ...[...call.keyFiles].map(([name, file]) =>
      `--copy=${file}:${keyPath(name)}`
    ),
    ...task.extraSources.map(({ name, entry, signingKey }) =>
      `--add-apt-source=${
        signingKey === null ? entry : signedBy(entry, keyPath(name))
      }`
    ),
    call.source,
    "--",
    ...call.server,
  ];
}

/** Names the key in a line of sources.list, unless the operator has named one. */
export function signedBy(entry: string, keyPath: string): string {
  const [, type = "", options = "", rest = ""] =
    /^(deb(?:-src)?)\s+(?:\[([^\]]*)\]\s*)?(.*)$/.exec(entry) ?? [];
  if (/(^|\s)signed-by=/i.test(options)) return entry;
  const all = [...options.split(/\s+/), `signed-by=${keyPath}`];
  return `${type} [${all.filter((each) => each !== "").join(" ")}] ${rest}`;
}
