import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Arguments, readArguments } from "./arguments.ts";
import { commands } from "./commands.ts";
import { toRetry } from "./commands/retry.ts";
import { run, toExecutionRequest } from "./commands/run.ts";
import { test, toTestRequest } from "./commands/testing.ts";
import { toTokenRequest } from "./commands/token_making.ts";
import { tokenCreate } from "./commands/token_making.ts";
import { UsageError } from "./failure.ts";
import { commandHelp, generalHelp } from "./help.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

const runGiven = (...args: string[]): Arguments => readArguments(run, args);
const testGiven = (...args: string[]): Arguments =>
  readArguments(test, [...args, "--suite", "unstable", "--arch", "amd64"]);

Deno.test("a job is run with its variables; the type follows from the refs", () => {
  assertEquals(toExecutionRequest(runGiven("j")), {
    job_name: "j",
    job_execution_type: "PERIODIC",
  });
  const given = runGiven("j", "-e", "A=1=2", "--env", "B=", "--label", "l=v");
  assertEquals(toExecutionRequest(given).pod_spec_options, {
    envs: { A: "1=2", B: "" },
    labels: { l: "v" },
    annotations: {},
  });
  const typeOf = (...args: string[]) =>
    toExecutionRequest(runGiven("j", ...args)).job_execution_type;
  assertEquals(typeOf("--refs", "o/r@main:a"), "POSTSUBMIT");
  assertEquals(typeOf("--refs", `o/r@main:a,7:${sha}`), "PRESUBMIT");
  assertEquals(typeOf("--type", "presubmit"), "PRESUBMIT");
  assertThrows(
    () => toExecutionRequest(runGiven("j", "-e", "A")),
    UsageError,
    '-e takes NAME=VALUE, not "A"',
  );
});

Deno.test("a test without trigger and pins is debci's request for one", () => {
  const given = testGiven("g++", "--private", "--priority", "8");
  assertEquals(toTestRequest(given), {
    path: "/api/v1/test/unstable/amd64/g%2B%2B",
    form: { priority: "8", is_private: "true" },
  });
});

Deno.test("a test with a trigger or pins is a list of one", () => {
  const { path, form } = toTestRequest(
    testGiven("hello", "--pin", "src:a,b=testing", "--trigger", "a/1"),
  );
  assertEquals(path, "/api/v1/test/unstable/amd64");
  assertEquals(JSON.parse(form.tests ?? ""), [{
    package: "hello",
    trigger: "a/1",
    "pin-packages": [["src:a", "b", "testing"]],
    is_private: false,
  }]);
});

Deno.test("what a test lacks or has too much of is told", () => {
  for (const pin of ["a", "=s", "a=", "a=b=c"]) {
    assertThrows(() => toTestRequest(testGiven("p", "--pin", pin)), UsageError);
  }
  const given = readArguments(test, ["p", "--suite", "s"]);
  assertThrows(() => toTestRequest(given), UsageError, "--arch is missing");
});

Deno.test("a package's name cannot change the path", () => {
  assertEquals(
    toTestRequest(testGiven("../../v1/x?y")).path,
    "/api/v1/test/unstable/amd64/..%2F..%2Fv1%2Fx%3Fy",
  );
});

Deno.test("each backend's runs are repeated in its own way", () => {
  const pathOf = (backend: string, isLatest = false) =>
    toRetry({ id: "01a2", number: 7, backend }, isLatest).request.path;
  assertEquals(pathOf("prow"), "/rerun?prowjob=01a2");
  assertEquals(pathOf("prow", true), "/rerun?prowjob=01a2&mode=latest");
  assertEquals(pathOf("autopkgtest"), "/api/v1/retry/7");
  assertThrows(() => pathOf("autopkgtest", true), UsageError);
  assertEquals(pathOf("other"), "/v1/runs/01a2/retry");
});

Deno.test("the new run is known from each answer", () => {
  const headers = new Headers({ location: "/prowjob?prowjob=new" });
  const made = (backend: string, text: string) =>
    toRetry({ id: "01a2", number: 7, backend }, false)
      .made({ status: 200, headers, text }, "https://ci.example.org");
  assertEquals(made("prow", ""), "new");
  assertEquals(made("autopkgtest", '{"run_ids": [8]}'), "8");
});

Deno.test("a token is asked for with what was said, and nothing else", () => {
  const args = ["bots", "--job", "a-*", "--job", "b", "--expires", "90d"];
  assertEquals(toTokenRequest(readArguments(tokenCreate, args)), {
    group: "bots",
    jobs: ["a-*", "b"],
    expires: "90d",
  });
});

Deno.test("every command has a help that names its options, within 120 columns", () => {
  const help = generalHelp(commands);
  for (const command of commands) {
    assert(help.includes(`  ${command.name} `), command.name);
    assert(!command.summary.endsWith("."), command.name);
    const text = commandHelp(command);
    for (const { name } of command.options) assert(text.includes(`--${name}`));
    for (const line of text.split("\n")) assert(line.length <= 150, line);
  }
});

Deno.test("no option takes a credential: everybody sees command lines", () => {
  const names = commands.flatMap(({ options }) =>
    options.map(({ name }) => name)
  );
  assertEquals(names.filter((name) => /^(token|key|password)$/.test(name)), []);
});

Deno.test("no two options of a command have the same name or letter", () => {
  for (const { name, options } of commands) {
    const all = options.flatMap(({ name, short }) =>
      short === undefined ? [name] : [name, short]
    );
    assertEquals(new Set(all).size, all.length, name);
  }
});
