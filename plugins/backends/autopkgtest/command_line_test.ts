import { assertEquals } from "@std/assert";
import { commandLine } from "./command_line.ts";
import { taskOf } from "./testing.ts";

const call = {
  source: "bash",
  outputDirectory: "/job/output",
  doesUpgrade: false,
  keyFiles: new Map<string, string>(),
  server: ["null"],
};

Deno.test("a plain test is autopkgtest's plain call", () => {
  assertEquals(commandLine(taskOf("bash"), call), [
    "autopkgtest",
    "--no-built-binaries",
    "--output-dir=/job/output",
    "--timeout-test=100",
    "bash",
    "--",
    "null",
  ]);
});

const pins = [
  { suite: "testing", packages: ["src:foo", "bar"] },
  { suite: "unstable", packages: ["src:baz"] },
];

Deno.test("pins add their suites and say what comes from them", () => {
  const task = taskOf("bash", { pins });
  assertEquals(commandLine(task, { ...call, doesUpgrade: true }).slice(4, -3), [
    "--apt-upgrade",
    "--add-apt-release=testing",
    "--pin-packages=testing=src:foo,bar",
    "--add-apt-release=unstable",
    "--pin-packages=unstable=src:baz",
  ]);
});

Deno.test("with extra sources the requester lists all there are", () => {
  const entry = "deb http://archive.test/debian unstable main";
  const extraSources = [{ name: "extra", entry, signingKey: "KEY" }];
  const task = taskOf("bash", { pins: pins.slice(0, 1), extraSources });
  const keyFiles = new Map([["extra", "/job/extra.asc"]]);
  assertEquals(commandLine(task, { ...call, keyFiles }).slice(4, -3), [
    "--pin-packages=testing=src:foo,bar",
    `--add-apt-source=${entry}`,
    "--copy=/job/extra.asc:/etc/apt/trusted.gpg.d/slipway-extra.asc",
  ]);
});
