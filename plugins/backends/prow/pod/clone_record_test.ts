import { assertEquals } from "@std/assert";
import {
  cloneLog,
  type CloneRecord,
  cloneRecordsJson,
} from "./clone_record.ts";

const passed: CloneRecord = {
  refs: { org: "o", repo: "r", base_ref: "main", base_sha: "b" },
  commands: [
    { command: "PWD=/go git init", output: "", error: "", durationMs: 2 },
    { command: "PWD=/go git x", output: "a\nb\n", error: "", durationMs: 0 },
  ],
  fault: null,
  finalSha: "f",
  durationMs: 1500,
};

const failed: CloneRecord = {
  refs: {
    org: "o",
    repo: "r",
    base_ref: "main",
    pulls: [{ number: 5, author: "a", sha: "p" }],
  },
  commands: [
    {
      command: "PWD=/go git merge",
      output: "CONFLICT",
      error: "exit status 1",
      durationMs: 3,
    },
  ],
  fault: "Cannot clone o/r: it conflicts",
  finalSha: "",
  durationMs: 3,
};

Deno.test("clone-records.json has Prow's keys, durations in nanoseconds, and nothing that is empty", () => {
  assertEquals(JSON.parse(cloneRecordsJson([passed, failed])), [
    {
      refs: passed.refs,
      commands: [
        { command: "PWD=/go git init", duration: 2_000_000 },
        { command: "PWD=/go git x", output: "a\nb\n" },
      ],
      final_sha: "f",
      duration: 1_500_000_000,
    },
    {
      refs: failed.refs,
      commands: [{
        command: "PWD=/go git merge",
        output: "CONFLICT",
        error: "exit status 1",
        duration: 3_000_000,
      }],
      failed: true,
      duration: 3_000_000,
    },
  ]);
});

Deno.test("clone-log.txt reads as Prow's", () => {
  assertEquals(
    cloneLog([passed, failed]),
    `# Cloning o/r at main(b)
$ PWD=/go git init (runtime: 0.002s)
$ PWD=/go git x (runtime: 0s)
a
b
# Final SHA: f
# Total runtime: 1.5s
# FAILED
# Cloning o/r at main
# Checking out pulls:
#	5(p)
$ PWD=/go git merge (runtime: 0.003s)
CONFLICT
# Error: exit status 1
# Error: Cannot clone o/r: it conflicts
# Final SHA: 
# Total runtime: 0.003s
`,
  );
});
