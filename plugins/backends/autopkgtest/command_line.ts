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

/**
 * autopkgtest's arguments for a task (wire 3.2): pinned suites become releases
 * of the testbed's apt, unless there are extra sources, which the requester then
 * lists in full.
 */
export function commandLine(task: Task, call: Call): string[] {
  const addsReleases = task.extraSources.length === 0;
  return [
    "autopkgtest",
    "--no-built-binaries",
    `--output-dir=${call.outputDirectory}`,
    `--timeout-test=${task.testTimeoutSeconds}`,
    ...(call.doesUpgrade ? ["--apt-upgrade"] : []),
    ...task.pins.flatMap(({ suite, packages }) => [
      ...(addsReleases ? [`--add-apt-release=${suite}`] : []),
      `--pin-packages=${suite}=${packages.join(",")}`,
    ]),
    ...task.extraSources.map(({ entry }) => `--add-apt-source=${entry}`),
    ...[...call.keyFiles].map(([name, file]) =>
      `--copy=${file}:/etc/apt/trusted.gpg.d/slipway-${name}.asc`
    ),
    call.source,
    "--",
    ...call.server,
  ];
}
