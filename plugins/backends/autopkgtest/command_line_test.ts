import { assertEquals } from "@std/assert";
import { commandLine, signedBy } from "./command_line.ts";
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
  const extraSources = [
    { name: "extra", entry, signingKey: "KEY" },
    { name: "plain", entry, signingKey: null },
  ];
  const task = taskOf("bash", { pins: pins.slice(0, 1), extraSources });
  const keyFiles = new Map([["extra", "/job/extra.asc"]]);
  const key = "/etc/apt/keyrings/slipway-extra.asc";
  assertEquals(commandLine(task, { ...call, keyFiles }).slice(4, -3), [
    "--pin-packages=testing=src:foo,bar",
    `--copy=/job/extra.asc:${key}`,
    `--add-apt-source=deb [signed-by=${key}] http://archive.test/debian unstable main`,
    `--add-apt-source=${entry}`,
  ]);
});

const entries = [
  ["deb http://a.test/ sid main", "deb [signed-by=/k] http://a.test/ sid main"],
  [
    "deb-src  [ arch=amd64 lang=en ]  http://a.test/ ./",
    "deb-src [arch=amd64 lang=en signed-by=/k] http://a.test/ ./",
  ],
  [
    "deb [Signed-By=/own] http://a.test/ sid main",
    "deb [Signed-By=/own] http://a.test/ sid main",
  ],
  [
    "deb http://[2001:db8::1]/ sid main",
    "deb [signed-by=/k] http://[2001:db8::1]/ sid main",
  ],
] as const;

for (const [entry, signed] of entries) {
  Deno.test(`the key of "${entry}" is trusted for it alone`, () => {
    assertEquals(signedBy(entry, "/k"), signed);
  });
}

Deno.test("a task may name the tests of the package that it wants", () => {
  const task = taskOf("bash", { testNames: ["smoke", "unit_2"] });
  assertEquals(commandLine(task, call).slice(4, -3), [
    "--test-name=smoke",
    "--test-name=unit_2",
  ]);
});
