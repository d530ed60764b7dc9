import { assert, assertEquals } from "@std/assert";
import {
  collection,
  created,
  hello,
  listed,
  post,
  refs,
  refused,
  runOf,
  startGangway,
} from "../../../tests/gangway.ts";

const publish = {
  job_name: "publish",
  job_execution_type: 2,
  refs,
  pod_spec_options: { envs: { A: "1" } },
};

Deno.test("a dry run tells what would be accepted, and stores nothing", async () => {
  await using app = await startGangway();
  for (const flag of ["?dry_run=1", "?dry_run=true", "?dry_run"]) {
    const response = await post(app, collection + flag, publish);
    assertEquals(response.headers.get("slipway-dry-run"), "true");
    assertEquals(response.headers.get("location"), null);
    const { id, job_name, job_type, job_status, pod_spec_options } =
      await created(response);
    assertEquals([id, job_name, job_type, job_status], [
      "",
      "publish",
      "POSTSUBMIT",
      "JOB_EXECUTION_STATUS_UNSPECIFIED",
    ]);
    assertEquals(pod_spec_options?.envs, { A: "1" });
  }
  const byPath = `${collection}/hello?dry_run=1`;
  const tried = await created(
    await post(app, byPath, { job_execution_type: "1" }),
  );
  assertEquals([tried.id, tried.job_name], ["", "hello"]);
  assertEquals(await listed(app), []);
});

Deno.test("a dry run refuses what a real one would", async () => {
  await using app = await startGangway({ tenants: {} });
  for (
    const [body, status] of [
      ["{", 400],
      [{}, 400],
      [{ ...hello, job_name: "unknown" }, 404],
      [{ ...publish, job_name: "twice" }, 409],
      [hello, 403],
    ] as const
  ) {
    const response = await post(app, `${collection}?dry_run=1`, body);
    assertEquals((await refused(response)).status, status);
  }
  const odd = await post(app, `${collection}?dry_run=maybe`, hello);
  assertEquals(await refused(odd), {
    status: 400,
    code: 3,
    message: 'Cannot read dry_run: expected 1 or 0, got "maybe"',
  });
});

Deno.test("a flag that is off makes a real run, which Location names", async () => {
  await using app = await startGangway();
  const response = await post(app, `${collection}?dry_run=0`, hello);
  const { id } = await created(response);
  assertEquals(response.headers.get("location"), `${collection}/${id}`);
  assertEquals((await runOf(app, id)).request, {
    type: "periodic",
    tenant_id: "GlobalDefaultID",
    org: "",
    repo: "",
  });
});

Deno.test("a run keeps its tenant, and what it is about", async () => {
  await using app = await startGangway({
    defaultTenants: { "o/r": "repo", "*": "all" },
  });
  const about = async (body: unknown) => {
    const { id } = await created(await post(app, collection, body));
    const { tenant_id, org, repo } = (await runOf(app, id)).request;
    return [tenant_id, org, repo];
  };
  const periodic = (job_name: string) => ({ ...hello, job_name });
  assertEquals(await about(publish), ["repo", "o", "r"]);
  assertEquals(await about(periodic("nightly")), ["all", "o", "r"]);
  assertEquals(await about(periodic("owned")), ["team", "", ""]);
});

Deno.test("a request that is repeated with its Idempotency-Key makes one run", async () => {
  await using app = await startGangway();
  const key = { "idempotency-key": "k-1" };
  const first = await created(await post(app, collection, hello, key));
  const again = await post(app, collection, hello, key);
  assertEquals(again.headers.get("idempotency-replayed"), "true");
  assertEquals((await created(again)).id, first.id);
  assertEquals((await listed(app)).length, 1);
});

Deno.test("a repeated dry run still says that it is one", async () => {
  await using app = await startGangway();
  const key = { "idempotency-key": "k-1" };
  const path = `${collection}?dry_run=1`;
  for (let time = 0; time < 2; time++) {
    const response = await post(app, path, hello, key);
    assertEquals(response.headers.get("slipway-dry-run"), "true");
    assertEquals((await created(response)).id, "");
  }
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
  for (
    const name of [
      "JobExecution",
      "JobExecutions",
      "JobExecutionFull",
      "JobExecutionsFull",
      "ProwJob",
    ]
  ) assert(document.components.schemas[name], name);
});
