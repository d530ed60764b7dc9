import { assert, assertEquals } from "@std/assert";
import { aborted, type Bench, submission } from "./bench.ts";

/** What the store guarantees of requests that carried an Idempotency-Key. */
export async function testIdempotency(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store, clock } = bench;
  const requestOf = (key: string) => ({
    account: bench.owner.account,
    key,
    requestSha256: "00",
  });
  const take = async (key: string) => {
    const admission = await store.idempotency.admit(requestOf(key));
    assert(admission.kind === "first", `${key} is free`);
    return admission.claim;
  };

  await t.step(
    "a key whose request came to nothing is free again",
    async () => {
      const claim = await take("nothing");
      assertEquals(await store.idempotency.admit(claim), { kind: "running" });
      await store.idempotency.forget(claim);
      await take("nothing");
    },
  );

  await t.step(
    "a key whose request made runs is never given back",
    async () => {
      const once = await take("made");
      const [run] = await store.runs.submit(
        "dummy",
        bench.owner,
        [submission("made")],
        (ids) => [store.idempotency.made(once, ids)],
      );
      await store.idempotency.forget(once);
      assertEquals(await store.idempotency.admit(once), { kind: "running" });
      clock.now += 60_001;
      assertEquals(await store.idempotency.admit(once), {
        kind: "unanswered",
        runIds: [run?.id ?? ""],
      });
      await store.attempts.cancel(run?.id ?? "", aborted);
    },
  );
}
