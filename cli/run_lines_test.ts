import { assertEquals } from "@std/assert";
import type { Run } from "./run.ts";
import { runFields, stateLine, statusLine } from "./run_lines.ts";
import { alignedLines, tabbedLines } from "./table.ts";

const queued: Run = {
  id: "01a2",
  number: 7,
  backend: "prow",
  job: "hello",
  owner: "alice",
  state: "queued",
  message: null,
  attempt: 0,
  createdAt: "2026-01-02T03:04:00.000Z",
  startedAt: null,
  finishedAt: null,
};
const running: Run = {
  ...queued,
  state: "running",
  attempt: 1,
  startedAt: "2026-01-02T03:04:05.000Z",
};

Deno.test("each change of state that matters is a line", () => {
  assertEquals(stateLine(queued, null), "Run 7 of hello is queued");
  assertEquals(stateLine({ ...queued, state: "claimed" }, queued), null);
  assertEquals(stateLine(running, queued), "Run 7 is running");
  assertEquals(stateLine(running, null), "Run 7 of hello is running");
  assertEquals(
    stateLine({ ...queued, message: "runner lost" }, running),
    "Run 7 is queued again: runner lost",
  );
  assertEquals(
    stateLine({ ...running, attempt: 2 }, queued),
    "Run 7 is running, attempt 2",
  );
  const finishedAt = "2026-01-02T03:05:15.000Z";
  assertEquals(
    stateLine(
      { ...running, state: "failed", finishedAt, message: "2 of 3" },
      running,
    ),
    "Run 7 of hello failed after 1:10: 2 of 3",
  );
  assertEquals(
    stateLine({ ...queued, state: "aborted", finishedAt }, queued),
    "Run 7 of hello is aborted",
  );
});

Deno.test("a message cannot pretend to be another line", () => {
  const message = "x\nRun 8 of hello passed\x1b[2J";
  const line = stateLine({ ...queued, message }, running) ?? "";
  assertEquals(
    line,
    "Run 7 is queued again: x\\u{a}Run 8 of hello passed\\u{1b}[2J",
  );
});

Deno.test("the status line counts from the start", () => {
  const now = Date.parse("2026-01-02T03:04:14.000Z");
  assertEquals(statusLine(queued, now), "· run 7 of hello: queued, 14 s");
  assertEquals(statusLine(running, now), "· run 7 of hello: running, 9 s");
});

Deno.test("a name with a tab or a line break stays in its column", () => {
  const row = runFields({ ...queued, job: "a\tb\nc" });
  assertEquals(tabbedLines([row])[0]?.split("\t").length, row.length);
});

Deno.test("columns are as wide as their widest text", () => {
  const table = {
    heading: ["RUN", "JOB"],
    rows: [["7", "hello"], ["1234", "x"]],
  };
  assertEquals(alignedLines(table), ["RUN   JOB", "7     hello", "1234  x"]);
});
