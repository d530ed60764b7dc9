import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  created,
  listed,
  post,
  refused,
  sha,
  startGangway,
  user,
} from "../../../tests/gangway.ts";

const collection = "/v1/executions";
const refs = { org: "o", repo: "r", base_ref: "main", base_sha: "s" };
const hello = { job_name: "hello", job_execution_type: "1" };

const creating: readonly (readonly [
  string,
  string,
  unknown,
  Record<string, string>?,
])[] = [
  ["1: a JSON body", collection, hello, { "content-type": "application/json" }],
  ["2: the job in the path", `${collection}/hello`, {
    job_execution_type: "1",
  }],
  ["3: the path wins over the body", `${collection}/hello`, {
    ...hello,
    job_name: "unknown",
  }],
  ["4: a trailing slash", `${collection}/`, hello],
  ["5: a doubled slash", `${collection}//hello`, hello],
  [
    "99: a doubled slash in front",
    `http://slipway.test/${collection}/hello`,
    hello,
  ],
  ["9: curl's default type", collection, hello, {
    "content-type": "application/x-www-form-urlencoded",
  }],
  ["9: JSON with a charset", collection, hello, {
    "content-type": "application/json; charset=utf-8",
  }],
  ["9: a type that is none", collection, hello, { "content-type": "?" }],
  ["11: a number for the type", collection, {
    ...hello,
    job_execution_type: 1,
  }],
  ["30: an unknown query parameter", `${collection}?x=1`, hello],
  ["41: envs without value in the path form", `${collection}/hello`, {
    ...hello,
    pod_spec_options: { envs: { RELEASE_IMAGE_INITIAL: "" } },
  }],
];

for (const [line, path, body, headers] of creating) {
  Deno.test(`gangway ${line} creates`, async () => {
    await using app = await startGangway();
    const execution = await created(await post(app, path, body, headers));
    assertEquals(execution.job_name, "hello");
    assertEquals(execution.job_status, "TRIGGERED");
    assertMatch(execution.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const shown = await app.request(`${collection}/${execution.id}`, { user });
    assertEquals((await created(shown)).id, execution.id);
    assertEquals((await listed(app)).length, 1);
  });
}

Deno.test("gangway 29: a body of more than 1 MB is accepted, of more than 8 MiB it is 413", async () => {
  await using app = await startGangway();
  const config = "key: value\n".repeat(200_000);
  const body = { ...hello, pod_spec_options: { envs: { CONFIG: config } } };
  const { pod_spec_options: options } = await created(
    await post(app, collection, body),
  );
  assertEquals(options?.envs.CONFIG, config);
  const large = await post(app, collection, " ".repeat(8 * 1024 * 1024 + 1));
  assertEquals((await refused(large)).status, 413);
});

Deno.test("gangway 54: two identical requests make two executions", async () => {
  await using app = await startGangway();
  const first = await created(await post(app, collection, hello));
  const second = await created(await post(app, collection, hello));
  assert(first.id !== second.id);
  assertEquals((await listed(app)).map(({ id }) => id), [second.id, first.id]);
});

Deno.test("gangway 53: a postsubmit is chosen by the base branch, and its refs are echoed", async () => {
  await using app = await startGangway();
  const body = { job_name: "publish", job_execution_type: "POSTSUBMIT", refs };
  const execution = await created(await post(app, collection, body));
  assertEquals(execution.job_type, "POSTSUBMIT");
  assertEquals(execution.refs?.base_ref, "main");
  const dev = { ...body, refs: { ...refs, base_ref: "dev" } };
  await created(await post(app, collection, dev));
});

const pulls = [{ number: 5, sha }];

/** Bodies that cannot be triggered; the second status and code are those of `strict`. */
const unresolved: readonly (readonly [string, unknown, number, string])[] = [
  [
    "46: unknown periodic",
    { ...hello, job_name: "x" },
    404,
    'failed to find associated periodic job "x"',
  ],
  [
    "47: unknown presubmit",
    { job_name: "x", job_execution_type: 3, refs: { ...refs, pulls } },
    404,
    'failed to find associated presubmit job "x" from orgRepo "o/r"',
  ],
  [
    "51: presubmit of another branch",
    {
      job_name: "verify",
      job_execution_type: 3,
      refs: { ...refs, base_ref: "dev", pulls },
    },
    404,
    'failed to find associated presubmit job "verify" from orgRepo "o/r"',
  ],
  [
    "48: two matches",
    { job_name: "twice", job_execution_type: 2, refs },
    409,
    'twice matches multiple prow jobs from orgRepo "o/r"',
  ],
  [
    "49: presubmit without pulls",
    { job_name: "verify", job_execution_type: 3, refs },
    400,
    "at least 1 Pulls is required",
  ],
  [
    "50: batch",
    { job_name: "x", job_execution_type: "BATCH", refs },
    400,
    "unsupported JobExecutionType type: BATCH",
  ],
];

for (const [line, body, status, message] of unresolved) {
  Deno.test(`gangway ${line} is a ${status}, and 500 when strict`, async () => {
    await using app = await startGangway();
    const refusal = await refused(await post(app, collection, body));
    assertEquals([refusal.status, refusal.message], [status, message]);
    await using strict = await startGangway({ strict: true });
    assertEquals(await refused(await post(strict, collection, body)), {
      status: 500,
      code: 2,
      message,
    });
  });
}

Deno.test("gangway 16: no body is a missing name, in the path form a missing type", async () => {
  await using app = await startGangway();
  assertEquals(await refused(await post(app, collection, "")), {
    status: 400,
    code: 3,
    message: "job_name field cannot be empty",
  });
  assertEquals(await refused(await post(app, `${collection}/hello`, "")), {
    status: 400,
    code: 3,
    message: "unsupported JobExecutionType: JOB_EXECUTION_TYPE_UNSPECIFIED",
  });
});

Deno.test("gangway 41: an env without value is a 400, in the path form too when strict", async () => {
  const body = { ...hello, pod_spec_options: { envs: { K: "" } } };
  const expected = {
    status: 400,
    code: 3,
    message: 'invalid environment variable key/value pair: "K", ""',
  };
  await using app = await startGangway();
  assertEquals(await refused(await post(app, collection, body)), expected);
  await using strict = await startGangway({ strict: true });
  const path = `${collection}/hello`;
  assertEquals(await refused(await post(strict, path, body)), expected);
});

Deno.test("gangway 92: nobody and strangers are refused in the dialect, with challenges", async () => {
  await using app = await startGangway();
  const nobody = await app.request(collection);
  assertEquals(nobody.headers.get("www-authenticate"), "Test-User");
  assertEquals((await refused(nobody)).code, 16);
  const viewer = await app.request(collection, {
    user,
    role: "viewer",
    method: "POST",
    body: JSON.stringify(hello),
  });
  assertEquals((await refused(viewer)).status, 403);
});

Deno.test("gangway 99: other methods are a clean 4xx", async () => {
  await using app = await startGangway();
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    const response = await app.request(collection, { user, method });
    assertEquals((await refused(response)).status, 405, method);
  }
  const head = await app.request(collection, { user, method: "HEAD" });
  assertEquals(head.status, 200);
});

Deno.test("the OpenAPI document describes the body of a create call", async () => {
  await using app = await startGangway();
  const document = await (await app.request("/openapi.json")).json();
  const { requestBody } = document.paths[collection].post;
  const { schema } = requestBody.content["application/json"];
  assertEquals(schema.properties.job_execution_type.enum[1], "PERIODIC");
  assertEquals(schema.properties.refs.properties.clone_depth, {
    type: "integer",
    format: "int32",
  });
  assert(document.components.schemas.JobExecution);
});
