/**
 * Sees to the system's packages that package tests need, with apt where that
 * may be used.
 *
 * @module
 */
import {
  installCommand,
  missingCommands,
  type SystemCommand,
  systemCommands,
} from "../plugins/backends/autopkgtest/system_command.ts";
import { systemCommands as podCommands } from "../plugins/backends/prow/pod/system_command.ts";

/** All that Slipway can make use of. */
export const allCommands: readonly SystemCommand[] = Object.values({
  ...systemCommands,
  ...podCommands,
});

/** What `ensureSystemPackages` is told and lent. */
export type SystemPackagesOptions = {
  /** False: only say what is missing. */
  readonly allowInstall: boolean;
  /** Takes lines for the person at the keyboard. */
  readonly log: (line: string) => void;
  readonly commands: readonly SystemCommand[];
  /** The machine, for tests. */
  readonly machine?: Machine;
};

/** What the machine can do about packages. */
export type Machine = {
  missing(commands: readonly SystemCommand[]): Promise<SystemCommand[]>;
  /** Why apt cannot be used, or null. */
  whyNoApt(): Promise<string | null>;
  /** Runs apt-get; what it said when it failed, else null. */
  aptGet(args: readonly string[]): Promise<string | null>;
};

/** One apt-get at a time of ours, and patience with those of others. */
const lockFile = "/run/lock/slipway-apt";
const lockSeconds = 600;

/**
 * Installs what is missing of the commands' packages, after saying so; where apt may not or cannot be used it
 * names the one command to type. May be called again and by several processes at once. Does not throw
 * for what is missing.
 *
 * @returns the commands that are still missing.
 */
export async function ensureSystemPackages(
  options: SystemPackagesOptions,
): Promise<SystemCommand[]> {
  const { allowInstall, log, commands, machine = thisMachine } = options;
  const missing = await machine.missing(commands);
  if (missing.length === 0) return [];
  const names = missing.map(({ command }) => command).join(", ");
  const refusal = allowInstall
    ? await machine.whyNoApt()
    : "--no-install was given";
  if (refusal !== null) {
    log(`Not installed: ${names} (${refusal}). To install: ${byHand(missing)}`);
    return missing;
  }
  log(`Not installed: ${names}. Installing with apt: ${packages(missing)}`);
  const fault = await install(missing, machine);
  const still = await machine.missing(missing);
  if (still.length > 0) {
    log(`Cannot install ${packages(still)}: ${fault ?? "apt gave no reason"}`);
    log(`To install: ${byHand(still)}`);
  }
  return still;
}

/** Package lists may be absent or out of date: then apt-get is asked to update them, and once more to install. */
async function install(
  missing: readonly SystemCommand[],
  machine: Machine,
): Promise<string | null> {
  const args = [
    "install",
    "--yes",
    "--no-install-recommends",
    ...new Set(missing.map((each) => each.package)),
  ];
  if (await machine.aptGet(args) === null) return null;
  return await machine.aptGet(["update"]) ?? await machine.aptGet(args);
}

function packages(commands: readonly SystemCommand[]): string {
  return [...new Set(commands.map((each) => each.package))].join(" ");
}

function byHand(commands: readonly SystemCommand[]): string {
  return `sudo apt-get update && sudo ${installCommand(commands)}`;
}

const thisMachine: Machine = {
  missing: missingCommands,
  whyNoApt,
  aptGet,
};

async function whyNoApt(): Promise<string | null> {
  const [apt] = await missingCommands([
    { command: "apt-get", package: "apt" },
  ]);
  if (apt !== undefined) return "this is neither Debian nor Ubuntu";
  return Deno.uid() === 0 ? null : "apt needs root";
}

async function aptGet(args: readonly string[]): Promise<string | null> {
  const { success, stderr } = await new Deno.Command("flock", {
    args: [
      `--timeout=${lockSeconds}`,
      lockFile,
      "apt-get",
      "--quiet",
      "--option",
      `DPkg::Lock::Timeout=${lockSeconds}`,
      ...args,
    ],
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return null;
  const said = new TextDecoder().decode(stderr).trim();
  return said.split("\n").findLast((line) => line.startsWith("E:")) ?? said;
}
