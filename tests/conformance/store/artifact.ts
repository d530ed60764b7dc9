import { assert, assertEquals } from "@std/assert";
import { type Bench, exited, leaseMs, passed } from "./bench.ts";

const report = {
  path: "report.txt",
  sizeBytes: 5,
  sha256: "00".repeat(32),
  contentType: "text/plain",
};

/** What the store guarantees of the names of artifacts. */
export async function testArtifacts(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store, clock } = bench;
  const kept = async (
    ...[fence, artifact]: Parameters<typeof store.artifacts.keep>
  ) => (await store.artifacts.keep(fence, artifact)).kind;
  const paths = async (id: string) => {
    const run = await store.runs.find(id);
    assert(run !== null);
    return (await store.artifacts.list(run)).map(({ path }) => path);
  };

  await t.step("an artifact is kept once under its path", async () => {
    const { run, fence } = await bench.submitAndStart("keeps");
    assertEquals(await kept(fence, report), "kept");
    assertEquals(await kept(fence, report), "kept");
    const other = { ...report, sha256: "11".repeat(32) };
    assertEquals(await kept(fence, other), "differs");
    assertEquals(await paths(run.id), ["report.txt"]);
    await store.attempts.finish(fence, exited, passed);
  });

  await t.step(
    "only the live attempt of the run itself hands artifacts in",
    async () => {
      const first = await bench.submitAndStart("fenced");
      const { id } = first.run;
      assertEquals(await kept(first.fence, report), "kept");
      const forged = { runId: id, attemptToken: crypto.randomUUID() };
      assertEquals(await kept(forged, report), "stale_attempt");
      clock.now += leaseMs + 1;
      await bench.takeBackExpired();
      const late = { ...report, path: "late.txt" };
      assertEquals(await kept(first.fence, late), "stale_attempt");
      const second = await bench.claim();
      await store.attempts.start(second.fence);
      assertEquals(await kept(first.fence, late), "stale_attempt");
      assertEquals(await paths(id), [], "the new attempt has none yet");
      await store.attempts.finish(second.fence, exited, passed);
      assertEquals(await kept(second.fence, late), "stale_attempt");
      assertEquals(await paths(id), []);
    },
  );
}
