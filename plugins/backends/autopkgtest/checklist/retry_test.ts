import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TestApp } from "../../../../tests/app.ts";
import {
  answer,
  checkLines,
  post,
  postTests,
  reject,
  runIds,
  several,
  stored,
} from "../../../../tests/debci_requests.ts";

const asked = {
  package: "bash",
  trigger: "foo/1.0",
  is_private: true,
  "pin-packages": [["src:foo", "testing"]],
  "extra-apt-sources": ["open"],
};

async function makePrivate(app: TestApp): Promise<void> {
  assertEquals(await answer(postTests(app, [asked])), [201, ""]);
}

checkLines([
  [44, "GET shows the page itself, to who may see the test", async (app) => {
    await makePrivate(app);
    const response = await app.request("/api/v1/retry/1", { user: "alice" });
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("auth-user"), "alice");
    assertStringIncludes(await response.text(), '<form method="post"');
  }],
  [
    45,
    "without a credential there is no page and nothing is made",
    async (app) => {
      await makePrivate(app);
      for (const method of ["GET", "POST"]) {
        const response = app.request("/api/v1/retry/1", { method });
        assertEquals(await answer(response), [403, "Invalid key\n"]);
      }
      assertEquals((await stored(app)).length, 1);
    },
  ],
  [47, "the page is HTML and tells what would be tested", async (app) => {
    await makePrivate(app);
    const response = await app.request("/api/v1/retry/1", { user: "alice" });
    assertEquals(
      response.headers.get("content-type"),
      "text/html;charset=utf-8",
    );
    const text = await response.text();
    const facts = [
      "bash",
      "unstable",
      "amd64",
      "foo/1.0",
      "src:foo, testing",
      "open",
    ];
    for (const fact of facts) {
      assertStringIncludes(text, `<td><bdi>${fact}</bdi></td>`);
    }
    assertStringIncludes(text, "There is 1 pending job with the same");
  }],
  [
    48,
    "the copy has all parameters of the test, and the next number",
    async (app) => {
      await makePrivate(app);
      await answer(post(app, "/api/v1/retry/1", { priority: "9" }));
      const [run, copy] = await stored(app);
      assert(run && copy);
      const { job, request, task, labels, isPrivate, owner } = run;
      assertEquals(copy, {
        ...copy,
        job,
        request,
        task,
        labels,
        isPrivate,
        owner,
        number: run.number + 1,
        priority: 5,
        state: "queued",
      });
    },
  ],
  [49, "an unknown test is 400", async (app) => {
    for (const id of ["424242", "abc", "-1", "0", "99999999999999999999999"]) {
      const text = `Job ID not known: ${id}`;
      assertEquals(await answer(post(app, `/api/v1/retry/${id}`)), [400, text]);
    }
  }],
  [50, "a package that is on the reject list now is 403", async (app) => {
    await post(app, `${several}/bash`);
    await reject(app, "bash unstable");
    assertEquals(await answer(post(app, "/api/v1/retry/1")), [
      403,
      "Package bash is in the REJECT list and cannot be retried",
    ]);
    assertEquals((await stored(app)).length, 1);
  }],
  [
    51,
    "POST is 200 and empty, also with a number that goes on",
    async (app) => {
      await post(app, `${several}/bash`);
      for (const id of ["1", "1abc"]) {
        assertEquals(await answer(post(app, `/api/v1/retry/${id}`)), [200, ""]);
      }
      assertEquals((await stored(app)).map((run) => run.job), [
        "bash",
        "bash",
        "bash",
      ]);
    },
  ],
  [
    52,
    "publishing is always 200, of own tests, and ignores junk",
    async (app) => {
      for (const user of ["alice", "bob"]) {
        await post(app, `${several}/bash`, { is_private: "true" }, user);
      }
      const path = "/api/v1/test/publish";
      for (const run_ids of ["", "abc,,-1,1.5,;", "999999"]) {
        assertEquals(await answer(post(app, path, { run_ids })), [200, ""]);
      }
      const arrays = await post(app, path, { "run_ids[]": "1" });
      assertEquals(await answer(arrays), [200, ""]);
      const privacy = async () =>
        (await stored(app)).map((run) => run.isPrivate);
      assertEquals(await privacy(), [true, true]);
      const mine = post(app, path, { run_ids: "2 , 1,x" });
      assertEquals(await answer(mine), [200, ""]);
      assertEquals(await privacy(), [false, true]);
    },
  ],
]);

checkLines([
  [
    51,
    "somebody else's private test looks like an unknown one",
    async (app) => {
      await makePrivate(app);
      for (const method of ["GET", "POST"]) {
        const theirs = app.request("/api/v1/retry/1", { method, user: "bob" });
        assertEquals(await answer(theirs), [400, "Job ID not known: 1"]);
      }
      assertEquals((await stored(app)).length, 1);
    },
  ],
  [
    51,
    "somebody else's public test is retried as their requestor's",
    async (app) => {
      await post(app, `${several}/bash`);
      const response = await app.request("/api/v1/retry/1", {
        method: "POST",
        user: "bob",
        headers: { accept: "application/json" },
      });
      assertEquals(response.status, 200);
      assertEquals(await runIds(response), [2]);
      assertEquals((await stored(app)).map((run) => run.owner.name), [
        "alice",
        "alice",
      ]);
    },
  ],
  [51, "a source that the retrier may not use is refused", async (app) => {
    const fields = { extra_apt_sources: '["bobs"]' };
    await post(app, `${several}/bash`, fields, "bob");
    assertEquals(await answer(post(app, "/api/v1/retry/1")), [
      400,
      "Cannot retry job 1: it wants extra apt sources that you may not use or that are there no longer: bobs\n",
    ]);
    assertEquals((await stored(app)).length, 1);
  }],
]);
