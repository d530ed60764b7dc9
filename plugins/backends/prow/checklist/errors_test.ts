import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  collection,
  created,
  get,
  hello,
  post,
  refused,
  serveApp,
  user,
} from "../../../../tests/gangway.ts";
import { checkLines } from "../../../../tests/checklist.ts";

checkLines([
  [92, "nobody is a 401, a principal who may not is a 403", async (app) => {
    const body = JSON.stringify(hello);
    for (const headers of [{}, { "test-user": "nobody-999" }]) {
      const response = await app.request(collection, {
        headers,
        method: "POST",
        body,
      });
      assertEquals(response.headers.get("www-authenticate"), "Test-User");
      const { status, code } = await refused(response);
      assertEquals([status, code], [401, 16]);
    }
    const viewer = { user, role: "viewer", method: "POST", body } as const;
    for (const path of [collection, "/v1/bulk-job-status-update"]) {
      const { status, code } = await refused(await app.request(path, viewer));
      assertEquals([status, code], [403, 7]);
    }
  }],
  [
    93,
    "a refusal has grpc-status and a percent-encoded grpc-message",
    async (app) => {
      const body = { ...hello, job_name: "é\n%" };
      const response = await post(app, collection, body);
      assertEquals(response.headers.get("grpc-status"), "5");
      assertEquals(
        response.headers.get("grpc-message"),
        'failed to find associated periodic job "%C3%A9\\n%25"',
      );
      await refused(response);
    },
  ],
  [94, "a refusal says in its body what is wrong", async (app) => {
    const response = await post(app, collection, {});
    assertEquals(
      await response.text(),
      '{\n "code": 3,\n "message": "job_name field cannot be empty",\n "details": []\n}\n',
    );
  }],
  [97, "plain HTTP is served, without a redirect", async (app) => {
    await using server = serveApp(app);
    const response = await fetch(server.url + collection, {
      redirect: "manual",
      method: "POST",
      headers: await app.signIn(user),
      body: JSON.stringify(hello),
    });
    await created(response);
  }],
  [98, "a list tells whether a token is good", async (app) => {
    const probe = `${collection}/`;
    const good = await get(app, probe);
    const bad = await app.request(probe, { headers: { "test-user": "x-99" } });
    assertEquals([good.status, bad.status], [200, 401]);
    await Promise.all([good.body?.cancel(), bad.body?.cancel()]);
  }],
  [
    99,
    "other methods are a clean 4xx, and a doubled slash in front is one",
    async (app) => {
      const { id } = await created(await post(app, collection, hello));
      const bulk = "/v1/bulk-job-status-update";
      const one = `${collection}/${id}`;
      for (const path of [collection, one, `${one}/events`, bulk]) {
        for (const method of ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
          const response = await app.request(path, { user, method });
          assertEquals(response.status, 405, `${method} ${path}`);
          assertMatch(response.headers.get("allow") ?? "", /POST|GET/);
          await response.body?.cancel();
        }
      }
      const doubled = `http://slipway.test/${collection}/hello`;
      const { job_name } = await created(
        await post(app, doubled, { job_execution_type: "1" }),
      );
      assertEquals(job_name, "hello");
      assert((await app.app.store.runs.list({})).length === 2);
    },
  ],
]);
