import { assert, assertEquals } from "@std/assert";
import {
  answer,
  post,
  several,
  startDebci,
} from "../../../tests/debci_requests.ts";

async function packageIdFor(
  app: Awaited<ReturnType<typeof startDebci>>,
  user: string,
  name: string,
): Promise<number> {
  assertEquals(
    (await answer(post(app, `${several}/${name}`, {}, user)))[0],
    201,
  );
  const listed = await app.request("/api/v1/test", { user });
  const { results } = JSON.parse(await listed.text());
  return results.find((result: { package: string }) => result.package === name)
    .package_id;
}

Deno.test("a package's id does not tell that somebody has tested it privately", async () => {
  await using untouched = await startDebci();
  await using app = await startDebci();
  const fields = { is_private: "true" };
  assertEquals((await answer(post(app, `${several}/secret`, fields)))[0], 201);
  for (const name of ["other", "secret"]) {
    assertEquals(
      await packageIdFor(app, "bob", name),
      await packageIdFor(untouched, "bob", name),
    );
  }
});

Deno.test("packages have ids of their own, whole numbers for every reader of JSON", async () => {
  await using app = await startDebci();
  const names = ["bash", "bash1", "1bash", "dash", "lib0", "0lib"];
  const ids = await Promise.all(
    names.map((name) => packageIdFor(app, "alice", name)),
  );
  assertEquals(new Set(ids).size, names.length);
  assert(ids.every((id) => Number.isSafeInteger(id) && id > 0));
});
