import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  collection,
  created,
  get,
  hello,
  listed,
  post,
  refs,
  refused,
  serveApp,
  sha,
  user,
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { checkLines } from "../../../../tests/checklist.ts";

const byPath = `${collection}/hello`;
const unnamed = { job_execution_type: "1" };
const publish = { job_name: "publish", job_execution_type: 2, refs };

async function create(app: TestApp, body: unknown, path = collection) {
  return await created(await post(app, path, body));
}

/** The job that the last execution is of. */
async function lastJob(app: TestApp) {
  return (await listed(app))[0]?.job_name;
}

async function status(app: TestApp, body: unknown, path = collection) {
  return (await refused(await post(app, path, body))).status;
}

checkLines([
  [1, "a JSON body creates, with 200", async (app) => {
    await create(app, hello);
    assertEquals(await lastJob(app), "hello");
  }],
  [2, "the job may stand in the path alone", async (app) => {
    await create(app, unnamed, byPath);
    assertEquals(await lastJob(app), "hello");
  }],
  [3, "the job of the path wins over the body's", async (app) => {
    await create(app, { ...hello, job_name: "unknown" }, byPath);
    assertEquals(await lastJob(app), "hello");
  }],
  [4, "a slash at the end changes nothing", async (app) => {
    await create(app, hello, `${collection}/`);
    assertEquals(await lastJob(app), "hello");
  }],
  [5, "a doubled slash before the job is taken for one", async (app) => {
    await create(app, unnamed, `${collection}//hello`);
    assertEquals(await lastJob(app), "hello");
  }],
  [6, "an execution is shown by its id", async (app) => {
    const { id } = await create(app, hello);
    const shown = await created(await get(app, `${collection}/${id}`));
    assertEquals([shown.id, shown.job_name], [id, "hello"]);
  }],
  [7, "the collection lists, with and without a slash", async (app) => {
    const { id } = await create(app, hello);
    assertEquals((await listed(app)).map((one) => one.id), [id]);
    assertEquals((await listed(app, "/")).map((one) => one.id), [id]);
  }],
  [8, "the bulk path accepts a status change", async (app) => {
    const response = await post(app, "/v1/bulk-job-status-update", {
      job_status_change: { current: "TRIGGERED", desired: "ABORTED" },
    });
    assertEquals([response.status, await response.json()], [200, {}]);
  }],
  [9, "a body is read as JSON whatever its Content-Type", async (app) => {
    for (
      const type of [
        "application/json",
        "application/json; charset=utf-8",
        "application/x-www-form-urlencoded",
        "text/plain",
        "?",
      ]
    ) {
      const headers = { "content-type": type };
      await created(await post(app, collection, hello, headers));
    }
    const bare = new TextEncoder().encode(JSON.stringify(hello));
    const init = { user, method: "POST", body: bare };
    await created(await app.request(collection, init));
    assertEquals((await listed(app)).length, 6);
  }],
  [10, "camelCase and snake_case are equal, also mixed", async (app) => {
    const mixed = await create(app, {
      jobName: "publish",
      job_execution_type: 2,
      refs: { org: "o", repo: "r", baseRef: "main", base_sha: "s" },
      podSpecOptions: { envs: { A: "1" } },
    });
    assertEquals([mixed.refs?.base_ref, mixed.pod_spec_options?.envs], [
      "main",
      { A: "1" },
    ]);
  }],
  [11, "a type is a name, a number or a number as text", async (app) => {
    const pulls = [{ number: 5, sha }];
    for (const type of ["1", 1, "PERIODIC"]) {
      const body = { job_name: "hello", job_execution_type: type };
      assertEquals((await create(app, body)).job_type, "PERIODIC");
    }
    for (const type of ["2", 2, "POSTSUBMIT"]) {
      const body = { ...publish, job_execution_type: type };
      assertEquals((await create(app, body)).job_type, "POSTSUBMIT");
    }
    for (const type of ["3", 3, "PRESUBMIT"]) {
      const body = {
        job_name: "verify",
        job_execution_type: type,
        refs: { ...refs, pulls },
      };
      assertEquals((await create(app, body)).job_type, "PRESUBMIT");
    }
  }],
  [
    12,
    "an enum in lower case, or a number outside it as text, is a 400; an int32 may be text",
    async (app) => {
      for (const type of ["periodic", "9", "-1", 1.5]) {
        assertEquals(
          await status(app, { ...hello, job_execution_type: type }),
          400,
        );
      }
      const pulls = [{ number: "12", sha }];
      const { refs: echoed } = await create(app, {
        ...publish,
        refs: { ...refs, pulls, clone_depth: 5.0 },
      });
      assertEquals([echoed?.pulls[0]?.number, echoed?.clone_depth], [12, 5]);
      const half = { ...publish, refs: { ...refs, clone_depth: 5.5 } };
      assertEquals(await status(app, half), 400);
    },
  ],
  [13, "unknown fields are ignored at the top and below", async (app) => {
    await create(app, {
      ...publish,
      extra: [1],
      refs: { ...refs, blobless_fetch: true },
      pod_spec_options: { nodeSelector: {} },
    });
  }],
  [14, "a value of the wrong type is a 400", async (app) => {
    for (
      const body of [
        { ...hello, job_name: 5 },
        { ...hello, job_name: {} },
        { ...publish, refs: { ...refs, org: true } },
        { ...hello, pod_spec_options: { envs: { N: 5 } } },
        { ...hello, pod_spec_options: { envs: [] } },
        { ...publish, refs: { ...refs, work_dir: 1 } },
      ]
    ) assertEquals(await status(app, body), 400);
  }],
  [15, "what is not JSON, or no object, is a 400", async (app) => {
    for (const body of ["{", "{'a': 1}", "[]", '"x"', "null", "a=b", "{}{}"]) {
      assertEquals(await status(app, body), 400);
    }
  }],
  [
    16,
    "no body is a missing name, in the path form a missing type",
    async (app) => {
      assertEquals(
        (await refused(await post(app, collection, ""))).message,
        "job_name field cannot be empty",
      );
      assertEquals(await refused(await post(app, byPath, "")), {
        status: 400,
        code: 3,
        message: "unsupported JobExecutionType: JOB_EXECUTION_TYPE_UNSPECIFIED",
      });
    },
  ],
  [17, "null is unset; as the value in a map it is a 400", async (app) => {
    const execution = await create(app, {
      ...hello,
      refs: null,
      pod_spec_options: { envs: null },
    });
    assertEquals(execution.pod_spec_options?.envs, {});
    const body = { ...hello, pod_spec_options: { envs: { A: null } } };
    assertEquals(
      (await refused(await post(app, collection, body))).message,
      'invalid environment variable key/value pair: "A", ""',
    );
  }],
  [28, "creating answers exactly 200", async (app) => {
    const response = await post(app, collection, hello);
    assertEquals(response.status, 200);
    const { id } = await created(response);
    assertEquals(response.headers.get("location"), `${collection}/${id}`);
  }],
  [
    29,
    "a connection is kept, and a body of more than 1 MB is taken",
    async (app) => {
      await using server = serveApp(app);
      const config = "key: value\n".repeat(200_000);
      const headers = await app.signIn(user);
      using client = Deno.createHttpClient({ poolMaxIdlePerHost: 1 });
      for (const CONFIG of ["small", config]) {
        const body = { ...hello, pod_spec_options: { envs: { CONFIG } } };
        const response = await fetch(server.url + collection, {
          client,
          headers,
          method: "POST",
          body: JSON.stringify(body),
        });
        assertNotEquals(response.headers.get("connection"), "close");
        const { pod_spec_options: options } = await created(response);
        assertEquals(options?.envs.CONFIG, CONFIG);
      }
      const large = " ".repeat(8 * 1024 * 1024 + 1);
      assertEquals(await status(app, large), 413);
    },
  ],
  [30, "an unknown query parameter is ignored", async (app) => {
    const { id } = await create(app, hello, `${collection}?x=1`);
    assertEquals((await listed(app, "?x=1")).map((one) => one.id), [id]);
    await created(await get(app, `${collection}/${id}?x=%00`));
  }],
  [31, "a GET with a body is answered", async (app) => {
    await using server = serveApp(app);
    const { id } = await create(app, hello);
    const connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.port,
    });
    const headers = Object.entries({
      ...await app.signIn(user),
      host: "slipway.test",
      "content-length": "2",
      connection: "close",
    }).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    await connection.write(
      new TextEncoder().encode(
        `GET ${collection}/${id} HTTP/1.1\r\n${headers}\r\n{}`,
      ),
    );
    const answer = await new Response(connection.readable).text();
    assertMatch(answer, /^HTTP\/1\.1 200 /);
    assertStringIncludes(answer, id);
  }],
  [32, "an unknown path is a 404 in JSON", async (app) => {
    for (const path of [`${collection}/a/b`, "/v1/nothing", "/nothing"]) {
      const response = await get(app, path);
      assertEquals(response.status, 404);
      assertMatch(response.headers.get("content-type") ?? "", /json/);
      await response.json();
    }
  }],
]);
