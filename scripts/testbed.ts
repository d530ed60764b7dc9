/**
 * `deno task testbed [SUITE]`: makes a root file system for package tests.
 *
 * @module
 */
import {
  findTestbed,
  testbedFolder,
} from "../plugins/backends/autopkgtest/testbed_folder.ts";
import { makeTestbed } from "../plugins/backends/autopkgtest/testbed_maker.ts";
import { plainName } from "../plugins/backends/autopkgtest/name.ts";
import { thisHost } from "../runner/host.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import { allCommands, ensureSystemPackages } from "./system_packages.ts";

const help = `Usage: deno task testbed [SUITE]

Makes a root file system in which autopkgtest:unshare tests packages, of SUITE
(unstable, bookworm, …), or without it of this machine's release and for every
suite that has none of its own. It takes about a minute and 220 MB. Prints the
file, which is in SLIPWAY_TESTBEDS or else in the user's cache. Made again, it
is replaced: the packages in it are then the newest.`;

async function main(args: readonly string[]): Promise<void> {
  const { words } = readArguments("make a testbed", args, {});
  const [suite = null, ...more] = words;
  if (more.length > 0 || (suite !== null && !plainName.test(suite))) {
    throw new UsageError("Cannot make a testbed: give the name of one suite");
  }
  await ensureSystemPackages({
    allowInstall: true,
    log: tell,
    commands: allCommands,
  });
  const host = thisHost(Deno.env.toObject());
  const folder = testbedFolder(host);
  const before = findTestbed(folder, suite ?? "default", host.arch);
  tell(
    `Making a testbed${before === null ? "" : " anew"}; this takes a minute`,
  );
  print(await makeTestbed({ folder, arch: host.arch, suite }));
}

if (import.meta.main) await runScript(help, main);
