import { assertEquals, assertMatch } from "@std/assert";
import {
  attempt,
  collection,
  created,
  get,
  hello,
  listed,
  longJob,
  multiply,
  post,
  refused,
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { checkLines } from "../../../../tests/checklist.ts";

const nightly = { job_name: "nightly", job_execution_type: 1 };

async function create(app: TestApp, body: unknown) {
  return (await created(await post(app, collection, body))).id;
}

async function ids(app: TestApp, query = "") {
  return (await listed(app, query)).map(({ id }) => id);
}

checkLines([
  [71, "without a filter everything is listed", async (app) => {
    const first = await create(app, hello);
    const second = await create(app, nightly);
    assertEquals(await ids(app), [second, first]);
    assertEquals(await ids(app, "?job_name=&status=0"), [second, first]);
  }],
  [72, "job_name narrows to the jobs of exactly that name", async (app) => {
    const id = await create(app, hello);
    await create(app, nightly);
    assertEquals(await ids(app, "?job_name=hello"), [id]);
    assertEquals(await ids(app, "?jobName=hello"), [id]);
    assertEquals(await ids(app, "?job_name=hell"), []);
    assertEquals(await ids(app, "?job_name=Hello"), []);
  }],
  [73, "status narrows, by name and by number", async (app) => {
    const failed = await create(app, hello);
    await attempt(app, { kind: "exited", exitCode: 1 });
    const running = await create(app, hello);
    await attempt(app);
    const waiting = await create(app, hello);
    const byStatus = [
      [["TRIGGERED", "1"], [waiting]],
      [["PENDING", "2"], [running]],
      [["SUCCESS", "3"], []],
      [["FAILURE", "4"], [failed]],
      [["JOB_EXECUTION_STATUS_UNSPECIFIED", "0"], [waiting, running, failed]],
    ] as const;
    for (const [names, expected] of byStatus) {
      for (const name of names) {
        assertEquals(await ids(app, `?status=${name}`), [...expected], name);
      }
    }
  }],
  [74, "job_name and status narrow together", async (app) => {
    const id = await create(app, hello);
    await attempt(app);
    await create(app, hello);
    await create(app, nightly);
    assertEquals(await ids(app, "?job_name=hello&status=PENDING"), [id]);
    assertEquals(await ids(app, "?job_name=nightly&status=PENDING"), []);
  }],
  [75, "an unknown name lists nothing, with 200", async (app) => {
    await create(app, hello);
    const response = await get(app, `${collection}?job_name=unknown`);
    assertEquals(await response.text(), '{\n "job_execution": []\n}\n');
    assertEquals(response.status, 200);
  }],
  [76, "the key is job_execution", async (app) => {
    await create(app, hello);
    const body = await (await get(app, collection)).json();
    assertEquals(Object.keys(body), ["job_execution"]);
  }],
  [
    77,
    "an item holds four fields and the defaults that are always printed",
    async (app) => {
      const id = await create(app, hello);
      await attempt(app, { kind: "exited", exitCode: 0 });
      assertEquals(await listed(app), [{
        id,
        job_name: "hello",
        job_type: "PERIODIC",
        job_status: "SUCCESS",
        gcs_path: "",
        job_url: "",
      }]);
    },
  ],
  [78, "an unknown status is a 400", async (app) => {
    for (const status of ["nope", "aborted", "9", "-1", "1.0", "%00"]) {
      const refusal = await refused(
        await get(app, `${collection}?status=${status}`),
      );
      assertEquals([refusal.status, refusal.code], [400, 3]);
      assertMatch(refusal.message, /there is no status .* use one of /);
    }
  }],
  [
    79,
    "a name of more than 63 characters finds its executions",
    async (app) => {
      const id = await create(app, { ...hello, job_name: longJob });
      assertEquals(await ids(app, `?job_name=${longJob}`), [id]);
    },
  ],
  [
    80,
    "everything is listed unless pages are asked for, and those follow each other without a gap",
    async (app) => {
      await multiply(app, await create(app, hello), 1200);
      const all = await ids(app);
      assertEquals(all.length, 1201);
      const paged: string[] = [];
      let token: string | null = "";
      while (token !== null && paged.length < all.length) {
        const query: string = `?page_size=500&page_token=${token}`;
        const response = await get(app, collection + query);
        const { job_execution, next_page_token } = await response.json();
        paged.push(...job_execution.map(({ id }: { id: string }) => id));
        token = next_page_token || null;
        assertEquals(
          response.headers.get("link"),
          token === null
            ? null
            : `<${collection}?page_size=500&page_token=${token}>; rel="next"`,
        );
      }
      assertEquals([paged, token], [all, null]);
      for (const query of ["page_size=x", "page_size=-1", "page_token=x"]) {
        const refusal = await refused(await get(app, `${collection}?${query}`));
        assertEquals(refusal.status, 400);
      }
    },
  ],
]);
