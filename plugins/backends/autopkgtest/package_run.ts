import type { CommandEnd, Host, Work } from "../../../core/executor.ts";
import type { End } from "../../../core/run.ts";
import { commandLine } from "./command_line.ts";
import { type Findings, readFindings, toFacts } from "./findings.ts";
import { keepOutput } from "./kept_output.ts";
import { launch, notLaunchedCode, type Surroundings } from "./launch.ts";
import { findSource, type Source, wantsPackages } from "./source.ts";
import { systemPath } from "./system_command.ts";
import type { Task } from "./task.ts";

/** What tests run in. */
export type Testbed = Surroundings & {
  /** autopkgtest's virtualisation server and its arguments. */
  readonly server: readonly [string, ...string[]];
  /** Whether its packages may be upgraded, since it is thrown away afterwards. */
  readonly isDisposable: boolean;
  /** What of the runner's environment the server needs. */
  readonly env?: readonly string[];
};

/** Between SIGTERM and SIGKILL: autopkgtest removes its testbed. */
export const graceSeconds = 30;

/** How autopkgtest says that the source could not be asked for. */
const aptFailure = "rules extract failed with exit code 100";

/** Proxies are the one thing that every testbed's apt takes from the runner's environment. */
const handedOn = ["http_proxy", "https_proxy", "no_proxy"];

/** Tests a package with the real autopkgtest; its output is the log. */
export async function runPackageTest(
  task: Task,
  work: Work,
  host: Host,
  testbed: Testbed,
): Promise<End> {
  const source = await findSource(
    task.package,
    host.env.SLIPWAY_PACKAGE_TREES,
  );
  if (source.kind === "faulty") {
    return { kind: "not_started", reason: source.reason };
  }
  const outputDirectory = `${work.directory}/output`;
  const command = commandLine(task, {
    source: source.kind === "tree" ? source.path : task.package,
    outputDirectory,
    doesUpgrade: testbed.isDisposable &&
      (source.kind === "archive" || await wantsPackages(source.path)),
    keyFiles: await writeKeys(task, work.directory),
    server: testbed.server,
  });
  const startedAt = work.now();
  const end = await work.spawn({
    argv: launch(command, testbed),
    cwd: work.directory,
    env: await environment(work.directory, host, testbed.env ?? []),
    timeoutSeconds: task.timeoutSeconds,
    graceSeconds,
  });
  const durationSeconds = Math.round((work.now() - startedAt) / 1000);
  const findings = await readFindings(outputDirectory);
  if (source.kind === "archive" && findings.problem?.includes(aptFailure)) {
    work.log(
      `slipway: apt cannot fetch the source of ${task.package} in this testbed: it needs the network, deb-src lines in its apt sources, and apt-get update\n`,
    );
  }
  if (end.kind !== "cancelled") {
    const exitCode = end.kind === "exited" ? end.exitCode : null;
    await keepOutput(work, outputDirectory, { exitCode, durationSeconds });
  }
  return judge(end, task, source, findings);
}

/** Tells a package that cannot be had from one that is broken: autopkgtest exits with 12 for both. */
function judge(
  end: CommandEnd,
  task: Task,
  source: Source,
  findings: Findings,
): End {
  switch (end.kind) {
    case "cancelled":
    case "not_started":
      return end;
    case "timed_out":
      return { ...end, facts: toFacts(findings) };
    case "exited":
      if (end.exitCode === notLaunchedCode) {
        return {
          kind: "not_started",
          reason:
            "Cannot set up what autopkgtest needs around it: the log says why",
        };
      }
      if (
        end.exitCode === 12 && source.kind === "archive" &&
        findings.version === null
      ) {
        return { kind: "not_started", reason: noSource(task, findings) };
      }
      return { ...end, facts: toFacts(findings) };
    default:
      return end satisfies never;
  }
}

/** The commands that fetch a source end with 1 when apt knows no such package. */
function noSource({ package: name }: Task, { problem }: Findings): string {
  const why = problem?.endsWith("exit code 1")
    ? "the testbed's archive has no source package of that name"
    : `autopkgtest could not get its source (${problem ?? "no reason given"})`;
  return `Cannot test ${name}: ${why}`;
}

/** Where the testbed and its tests put what they need for a while. */
export function temporaryFolder(workDirectory: string): string {
  return `${workDirectory}/tmp`;
}

/** A test may drop its privileges and must still reach its temporary folder. */
async function environment(
  directory: string,
  host: Host,
  wanted: readonly string[],
): Promise<Record<string, string>> {
  const temporary = temporaryFolder(directory);
  await Deno.mkdir(temporary);
  await Deno.chmod(temporary, 0o1777);
  await Deno.chmod(directory, 0o755);
  return {
    PATH: systemPath,
    HOME: host.env.HOME ?? "/",
    LANG: "C.UTF-8",
    TMPDIR: temporary,
    ...Object.fromEntries([...handedOn, ...wanted].flatMap((name) => {
      const value = host.env[name];
      return value === undefined ? [] : [[name, value]];
    })),
  };
}

async function writeKeys(
  task: Task,
  directory: string,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { name, signingKey } of task.extraSources) {
    if (signingKey === null) continue;
    const file = `${directory}/${name}.asc`;
    await Deno.writeTextFile(file, signingKey);
    files.set(name, file);
  }
  return files;
}
