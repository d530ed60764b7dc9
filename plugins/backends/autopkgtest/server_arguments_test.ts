import { assertEquals, assertThrows } from "@std/assert";
import { ServerArguments } from "./server_arguments.ts";

const names = { suite: "unstable", arch: "amd64" };

Deno.test("an operator's arguments have the run's suite and architecture filled in", () => {
  const server = new ServerArguments(
    "--ephemeral  autopkgtest-{suite}-{arch} -- --define x={suite}",
  );
  assertEquals(server.bed(names), "autopkgtest-unstable-amd64");
  assertEquals(
    server.fill(names, { options: ["--name=n"], further: ["--ours"] }),
    [
      "--name=n",
      "--ephemeral",
      "autopkgtest-unstable-amd64",
      "--",
      "--ours",
      "--define",
      "x=unstable",
    ],
  );
  assertEquals(server.fill(names).slice(0, 2), [
    "--ephemeral",
    "autopkgtest-unstable-amd64",
  ]);
});

Deno.test("nothing in an argument is read as shell, or cut in two by what is filled in", () => {
  const server = new ServerArguments("bed-{suite} -- $(id) `id` ;");
  assertEquals(server.fill({ suite: "a$&b", arch: "" }), [
    "bed-a$&b",
    "--",
    "$(id)",
    "`id`",
    ";",
  ]);
});

for (const text of ["", "--sudo", "-- name", " -e  -s ", "@file"]) {
  Deno.test(`${JSON.stringify(text)} names no testbed`, () => {
    assertThrows(() => new ServerArguments(text), TypeError, "no testbed");
  });
}

const beds = ["bed-unstable-amd64", "bed-testing-arm64", "bed", "bed-x-amd64s"];
const templates: [string, string[]][] = [
  ["bed-{suite}-{arch}", ["unstable"]],
  ["bed-{suite}-arm64", ["testing"]],
  ["bed", ["*"]],
  ["bed.{suite}-{arch}", []],
  ["none", []],
];

for (const [template, suites] of templates) {
  Deno.test(`testbeds by ${template} serve ${JSON.stringify(suites)}`, () => {
    const server = new ServerArguments(`--sudo ${template}`);
    assertEquals(server.suites(beds, "amd64"), suites);
  });
}
