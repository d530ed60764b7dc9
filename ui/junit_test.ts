import { assertEquals } from "@std/assert";
import { readJunit } from "./junit.ts";

Deno.test("cases that did not pass come with their reason, others are counted", () => {
  const report = readJunit(`<?xml version="1.0"?>
    <testsuites><testsuite name="s">
      <testcase classname="pkg" name="good" time="0.5"/>
      <testcase classname="pkg" name="bad" time="1.5"><failure message="expected 1">at &lt;line&gt; 3<![CDATA[ <raw>]]></failure></testcase>
      <testcase name="broken"><error>boom</error><system-out>noise</system-out></testcase>
      <testcase name="left out"><skipped/></testcase>
    </testsuite></testsuites>`);
  assertEquals([report?.total, report?.passed], [4, 1]);
  assertEquals(report?.notPassed, [
    {
      name: "pkg › bad",
      seconds: 1.5,
      result: "failed",
      detail: "expected 1\nat <line> 3 <raw>",
    },
    { name: "broken", seconds: null, result: "errored", detail: "boom" },
    { name: "left out", seconds: null, result: "skipped", detail: "" },
  ]);
});

Deno.test("what is no JUnit, is cut off, or would grow, is no report", () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
    <testsuite><testcase name="&b;"/></testsuite>`;
  for (const xml of ["", "not xml", "<a/>", "<testsuite><testcase", bomb]) {
    assertEquals(readJunit(xml), null, xml);
  }
});

Deno.test("thousands of failures are counted, and the first are told", () => {
  const one = `<testcase name="n"><failure>${
    "x".repeat(9_000)
  }</failure></testcase>`;
  const report = readJunit(`<testsuite>${one.repeat(500)}</testsuite>`);
  assertEquals(report?.total, 500);
  assertEquals(report?.notPassed.length, 200);
  assertEquals(report?.notPassed[0]?.detail.length, 4_000);
});
