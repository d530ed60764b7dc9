import { assertEquals, assertStringIncludes } from "@std/assert";
import type { End } from "../../../../core/run.ts";
import { finishedJson, readMetadata } from "./finished.ts";
import { makeFolder } from "../../../../tests/pod.ts";

const ends: readonly (readonly [End, string])[] = [
  [{ kind: "exited", exitCode: 0 }, "SUCCESS"],
  [{ kind: "exited", exitCode: 2 }, "FAILURE"],
  [{ kind: "timed_out", timeoutSeconds: 1 }, "FAILURE"],
  [{ kind: "not_started", reason: "r" }, "FAILURE"],
  [{ kind: "cancelled" }, "ABORTED"],
];

Deno.test("finished.json tells every end in Prow's words", () => {
  for (const [end, result] of ends) {
    const text = finishedJson({ end, revision: "", metadata: {} }, 5_999);
    assertEquals(JSON.parse(text), {
      timestamp: 5,
      passed: result === "SUCCESS",
      result,
    });
  }
});

Deno.test("finished.json has the job's metadata and the revision", () => {
  const end = { kind: "exited", exitCode: 0 } as const;
  const metadata = { "job-version": "v1", nested: { a: [1] } };
  assertEquals(JSON.parse(finishedJson({ end, revision: "r", metadata }, 0)), {
    timestamp: 0,
    passed: true,
    metadata,
    result: "SUCCESS",
    revision: "r",
  });
});

Deno.test("metadata is what the job wrote, nothing when it wrote nothing", async () => {
  await using folder = await makeFolder();
  assertEquals(await readMetadata(folder.path), {});
  await Deno.writeTextFile(`${folder.path}/metadata.json`, '{"a": {"b": 1}}');
  assertEquals(await readMetadata(folder.path), { a: { b: 1 } });
});

for (const text of ["{", "[1]", "null", `"${"x".repeat(1024 * 1024)}"`]) {
  Deno.test(`metadata that is none says so: ${text.slice(0, 9)}`, async () => {
    await using folder = await makeFolder();
    await Deno.writeTextFile(`${folder.path}/metadata.json`, text);
    const metadata = JSON.stringify(await readMetadata(folder.path));
    assertStringIncludes(metadata, '{"sidecar-errors":{"metadata.json":"');
  });
}

Deno.test("metadata is not read through a link", async () => {
  await using folder = await makeFolder();
  await Deno.writeTextFile(`${folder.path}/elsewhere`, '{"secret": 1}');
  const artifacts = `${folder.path}/artifacts`;
  await Deno.mkdir(artifacts);
  await Deno.symlink(`${folder.path}/elsewhere`, `${artifacts}/metadata.json`);
  const metadata = JSON.stringify(await readMetadata(artifacts));
  assertStringIncludes(metadata, "sidecar-errors");
});
