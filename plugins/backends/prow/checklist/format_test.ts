import {
  assert,
  assertEquals,
  assertMatch,
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
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { checkLines } from "../../../../tests/checklist.ts";

const publish = { job_name: "publish", job_execution_type: 2, refs };

async function create(app: TestApp, body: unknown) {
  return await created(await post(app, collection, body));
}

checkLines([
  [
    18,
    "keys are in snake_case and in the order of their numbers",
    async (app) => {
      const response = await post(app, collection, {
        pod_spec_options: {},
        ...publish,
      });
      assertEquals(Object.keys(await response.json()), [
        "id",
        "job_name",
        "job_type",
        "job_status",
        "refs",
        "pod_spec_options",
        "gcs_path",
        "job_url",
      ]);
    },
  ],
  [19, "enums come back as names", async (app) => {
    const { job_type, job_status } = await create(app, {
      ...hello,
      job_execution_type: 1,
    });
    assertEquals([job_type, job_status], ["PERIODIC", "TRIGGERED"]);
  }],
  [20, 'one space a level, and ": " between', async (app) => {
    const body = { ...hello, pod_spec_options: { envs: { A: "1" } } };
    const text = await (await post(app, collection, body)).text();
    assertMatch(text, /^\{\n "id": "[0-9a-f-]{36}",\n "job_name": "hello",\n/);
    assertStringIncludes(
      text,
      '\n "pod_spec_options": {\n  "envs": {\n   "A": "1"\n  },\n',
    );
  }],
  [21, "a body ends with a newline, for shells", async (app) => {
    await create(app, hello);
    for (const path of [collection, `${collection}/x`, "/v1/executions/a/b"]) {
      assertEquals((await (await get(app, path)).text()).at(-1), "\n");
    }
  }],
  [22, "gcs_path is always there, a string", async (app) => {
    const { id, gcs_path } = await create(app, hello);
    const shown = await created(await get(app, `${collection}/${id}`));
    const [item] = await listed(app);
    for (const path of [gcs_path, shown.gcs_path, item?.gcs_path]) {
      assertEquals(typeof path, "string");
    }
  }],
  [
    23,
    "options are echoed with empty maps as {}, and left out when not sent",
    async (app) => {
      const options = { annotations: { executor: "gangway" } };
      const sent = await create(app, { ...hello, pod_spec_options: options });
      assertEquals(sent.pod_spec_options, { envs: {}, labels: {}, ...options });
      assert(!("pod_spec_options" in await create(app, hello)));
    },
  ],
  [
    24,
    "refs are echoed with every default, and left out when not sent",
    async (app) => {
      const { refs: echoed } = await create(app, publish);
      assertEquals(echoed, {
        org: "o",
        repo: "r",
        repo_link: "",
        base_ref: "main",
        base_sha: "s",
        base_link: "",
        pulls: [],
        path_alias: "",
        work_dir: false,
        clone_uri: "",
        skip_submodules: false,
        clone_depth: 0,
        skip_fetch_head: false,
      });
      assert(!("refs" in await create(app, hello)));
    },
  ],
  [
    25,
    "times that are not set are left out; others are RFC 3339 in UTC",
    async (app) => {
      const execution = await create(app, hello);
      assert(!("create_time" in execution));
      const path = `${collection}/${execution.id}`;
      const waiting = await created(await get(app, path));
      assertEquals(waiting.create_time, "2026-01-02T03:04:05Z");
      assert(!("completion_time" in waiting));
      await post(app, `${path}/cancel`, "");
      const ended = await created(await get(app, path));
      assertEquals(ended.completion_time, "2026-01-02T03:04:05Z");
    },
  ],
  [26, "a success is application/json", async (app) => {
    const { id } = await create(app, hello);
    for (const path of [collection, `${collection}/${id}`]) {
      const response = await get(app, path);
      assertEquals(response.headers.get("content-type"), "application/json");
      await response.body?.cancel();
    }
  }],
  [27, "an item of a list has no field of our own", async (app) => {
    await create(app, publish);
    const [item] = await listed(app);
    assertEquals(Object.keys(item ?? {}), [
      "id",
      "job_name",
      "job_type",
      "job_status",
      "gcs_path",
      "job_url",
    ]);
  }],
]);
