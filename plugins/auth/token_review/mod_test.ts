import { assertEquals, assertStringIncludes } from "@std/assert";
import { testAuth } from "../../../tests/conformance/auth.ts";
import tokenReview from "./mod.ts";

const good = `sha256~${"a".repeat(43)}`;

/** What the cluster answers. Its own conversation is tested over HTTP, in review_test.ts. */
const fetch: typeof globalThis.fetch = async (_url, init) => {
  const { spec } = await new Response(init?.body ?? null).json();
  const user = { username: "alice", groups: ["developers"] };
  return Response.json({
    status: spec.token === good ? { authenticated: true, user } : {},
  });
};

const options = {
  apiServer: "https://api.cluster.test:6443",
  token: "own-token-of-the-server",
  roles: { developers: "trigger" },
} as const;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

testAuth("token_review", {
  auth: tokenReview(options),
  fetch,
  isKeptElsewhere: true,
  seed: () => Promise.resolve(null),
  good: { name: "a token of the cluster", headers: () => bearer(good) },
  bad: [
    {
      name: "a token that the cluster does not know",
      headers: () => bearer(`sha256~${"b".repeat(43)}`),
    },
    { name: "a part of a token", headers: () => bearer(good.slice(0, -1)) },
    { name: "a token in pieces", headers: () => bearer("sha256~a~b~c~d~e") },
  ],
  foreign: [
    { name: "a JWT", headers: () => bearer("eyJh.eyJz.c2ln") },
    { name: "an opaque token of others", headers: () => bearer("ghp_abcdef") },
    {
      name: "name and password",
      headers: () => ({ authorization: "Basic YWxpY2U6aHVudGVyMjI=" }),
    },
  ],
});

Deno.test("faulty options are named", () => {
  const faultsOf = (change: Record<string, unknown>) =>
    tokenReview({ ...options, ...change }).faults.join("; ");
  assertEquals(faultsOf({}), "");
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ apiServer: "http://api.cluster.test" }, "https"],
    [{ token: "" }, "token"],
    [{ roles: {} }, "nobody could do anything"],
    [{ cacheSeconds: 3600 }, "cacheSeconds"],
    [{ name: "a.b" }, "a-z, 0-9"],
  ];
  for (const [change, saying] of cases) {
    assertStringIncludes(faultsOf(change), saying);
  }
});
