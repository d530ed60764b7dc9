import { assertEquals, assertStringIncludes } from "@std/assert";
import type { SystemCommand } from "../plugins/backends/autopkgtest/system_command.ts";
import { ensureSystemPackages, type Machine } from "./system_packages.ts";

const commands = [
  { command: "autopkgtest", package: "autopkgtest" },
  { command: "newuidmap", package: "uidmap" },
];

/** A machine without the commands, whose apt answers each call in turn: a text is what went wrong. */
function machine(answers: (string | null)[], noApt: string | null = null) {
  const asked: string[] = [];
  let missing: readonly SystemCommand[] = commands;
  const lent: Machine = {
    missing: (wanted) =>
      Promise.resolve(wanted.filter((each) => missing.includes(each))),
    whyNoApt: () => Promise.resolve(noApt),
    aptGet(args) {
      asked.push(args.join(" "));
      const answer = answers.shift() ?? null;
      if (args[0] === "install" && answer === null) missing = [];
      return Promise.resolve(answer);
    },
  };
  return { lent, asked };
}

async function ensure(allowInstall: boolean, lent: Machine) {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const still = await ensureSystemPackages({
    allowInstall,
    log,
    commands,
    machine: lent,
  });
  return { still, lines };
}

const installAll =
  "install --yes --no-install-recommends autopkgtest uidmap" as const;

Deno.test("what is missing is installed, after it was said", async () => {
  const { lent, asked } = machine([null]);
  const { still, lines } = await ensure(true, lent);
  assertEquals([still, asked], [[], [installAll]]);
  assertEquals(lines, [
    "Not installed: autopkgtest, newuidmap. Installing with apt: autopkgtest uidmap",
  ]);
});

Deno.test("what is there is left alone, without a word", async () => {
  const { lent, asked } = machine([null]);
  await ensure(true, lent);
  const { still, lines } = await ensure(true, lent);
  assertEquals([still, lines, asked.length], [[], [], 1]);
});

Deno.test("package lists that are absent are fetched", async () => {
  const { lent, asked } = machine(["E: Unable to locate package", null, null]);
  const { still } = await ensure(true, lent);
  assertEquals(still, []);
  assertEquals(asked, [installAll, "update", installAll]);
});

const refusals = [
  [false, null, "--no-install was given"],
  [true, "apt needs root", "apt needs root"],
] as const;

for (const [allowInstall, noApt, reason] of refusals) {
  Deno.test(`nothing is installed when ${reason}: the command to type is named`, async () => {
    const { lent, asked } = machine([], noApt);
    const { still, lines } = await ensure(allowInstall, lent);
    assertEquals([still, asked], [commands, []]);
    assertEquals(lines, [
      `Not installed: autopkgtest, newuidmap (${reason}). To install: sudo apt-get update && ` +
      "sudo apt-get install --yes --no-install-recommends autopkgtest uidmap",
    ]);
  });
}

Deno.test("an apt that fails is no error: what it said and the command are named", async () => {
  const { lent } = machine([
    "E: no",
    "E: Temporary failure resolving",
    "E: no",
  ]);
  const { still, lines } = await ensure(true, lent);
  assertEquals(still, commands);
  assertStringIncludes(lines[1] ?? "", "Temporary failure resolving");
  assertStringIncludes(lines[2] ?? "", "To install: sudo apt-get update");
});

Deno.test("this very machine is looked at, and nothing is installed that is there", async () => {
  const lines: string[] = [];
  const shell = { command: "sh", package: "dash" };
  const nowhere = { command: "no-such-command", package: "no-such-package" };
  const still = await ensureSystemPackages({
    allowInstall: false,
    log: (line) => lines.push(line),
    commands: [shell, nowhere],
  });
  assertEquals(still, [nowhere]);
  assertStringIncludes(lines[0] ?? "", "Not installed: no-such-command");
});
