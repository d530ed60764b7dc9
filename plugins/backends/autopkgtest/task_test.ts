import { assert, assertEquals } from "@std/assert";
import { taskSchema } from "./task.ts";
import { taskOf } from "./testing.ts";

const pin = { suite: "testing", packages: ["src:foo", "bar"] };
const source = {
  name: "extra",
  entry: "deb http://a.test/ sid main",
  signingKey: null,
};

Deno.test("a task may have pins, extra sources and names of tests", () => {
  const task = taskOf("bash", {
    pins: [pin],
    extraSources: [source],
    testNames: ["smoke-1.0", "unit_2"],
  });
  assertEquals(taskSchema.parse(task), task);
});

/** What must reach no shell, no path and no argument's beginning. */
const attacks = [
  "$(id)",
  "`id`",
  "a;b",
  "a b",
  "a\nb",
  "a\n",
  "--help",
  "-x",
  "@/etc/passwd",
  "../a",
  "a/b",
  "/etc",
  "",
  "a\u0000b",
  "a'b",
  'a"b',
  "a,b",
  "a%sb",
  "{suite}",
];

const places: Record<string, (text: string) => unknown> = {
  package: (text) => taskOf(text),
  suite: (text) => taskOf("bash", { suite: text }),
  arch: (text) => taskOf("bash", { arch: text }),
  "pin's suite": (text) => taskOf("bash", { pins: [{ ...pin, suite: text }] }),
  "pin's package": (text) =>
    taskOf("bash", { pins: [{ ...pin, packages: [`src:${text}`] }] }),
  "source's name": (text) =>
    taskOf("bash", { extraSources: [{ ...source, name: text }] }),
  "test's name": (text) => taskOf("bash", { testNames: [text] }),
};

for (const [place, taskWith] of Object.entries(places)) {
  for (const attack of attacks) {
    Deno.test(`${JSON.stringify(attack)} is no ${place}`, () => {
      assert(!taskSchema.safeParse(taskWith(attack)).success);
    });
  }
}

const faultyEntries = [
  "deb http://a.test/ sid main\ndeb http://b.test/ sid main",
  "deb http://a.test/ sid main\r\ndeb http://b.test/ sid main",
  "# deb http://a.test/ sid main",
  "rpm http://a.test/ sid main",
  "",
];

for (const entry of faultyEntries) {
  Deno.test(`${JSON.stringify(entry)} is no line of sources.list`, () => {
    const task = taskOf("bash", { extraSources: [{ ...source, entry }] });
    assert(!taskSchema.safeParse(task).success);
  });
}
