import { assertEquals } from "@std/assert";
import { parseSummary, readFindings } from "./findings.ts";

Deno.test("a summary gives each test's result once, with its reason", () => {
  const summary = `smoke                PASS
superficial          PASS (superficial)
unit                 FAIL non-zero exit status 3
machine              SKIP Test requires machine-level isolation but testbed does not provide that
machine              SKIP Test requires machine-level isolation but testbed does not provide that
shaky                FLAKY non-zero exit status 1
`;
  assertEquals(parseSummary(summary), {
    tests: [
      "smoke PASS",
      "superficial PASS (superficial)",
      "unit FAIL non-zero exit status 3",
      "machine SKIP Test requires machine-level isolation but testbed does not provide that",
      "shaky FLAKY non-zero exit status 1",
    ],
    problem: null,
  });
});

Deno.test("a summary gives the problem that kept the tests from running", () => {
  const summary = `smoke                FAIL badpkg
blame: /trees/foo
badpkg: Test dependencies are unsatisfiable.
erroneous package: Test dependencies are unsatisfiable.
`;
  assertEquals(parseSummary(summary), {
    tests: ["smoke FAIL badpkg"],
    problem: "erroneous package: Test dependencies are unsatisfiable.",
  });
});

Deno.test("a package without tests has one line for all", () => {
  assertEquals(
    parseSummary("*                    SKIP no tests in this package\n"),
    {
      tests: ["* SKIP no tests in this package"],
      problem: null,
    },
  );
});

Deno.test("a summary of any length becomes small facts", () => {
  const lines = Array.from(
    { length: 2000 },
    (_, at) => `test${at} FAIL stderr: ${"x".repeat(10_000)}`,
  );
  const facts = JSON.stringify(parseSummary(lines.join("\n")));
  assertEquals(facts.length < 300_000, true);
});

Deno.test("a version of any length becomes a small fact", async () => {
  const folder = await Deno.makeTempDir({ prefix: "slipway-test-" });
  try {
    const version = `1.0${"+more".repeat(100_000)}`;
    await Deno.writeTextFile(`${folder}/testpkg-version`, `foo ${version}\n`);
    const findings = await readFindings(folder);
    assertEquals(findings.version, version.slice(0, 500));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
