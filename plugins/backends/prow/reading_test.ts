import { assertEquals, assertMatch } from "@std/assert";
import {
  created,
  listed,
  longJob,
  post,
  refused,
  startGangway,
  user,
} from "../../../tests/gangway.ts";

const collection = "/v1/executions";
const hello = { job_name: "hello", job_execution_type: "1" };

Deno.test("gangway 31: a GET with a body is answered", async () => {
  await using app = await startGangway();
  const { id } = await created(await post(app, collection, hello));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.app.fetch(request),
  );
  try {
    const auth = await app.signIn(user);
    const connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.addr.port,
    });
    const headers = Object.entries({
      ...auth,
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
  } finally {
    await server.shutdown();
  }
});

Deno.test("gangway 71 to 76, 79: a list is narrowed by name and status", async () => {
  await using app = await startGangway();
  const long = { job_name: longJob, job_execution_type: 1 };
  const { id: helloId } = await created(await post(app, collection, hello));
  const { id: longId } = await created(await post(app, collection, long));
  await app.request(`/v1/runs/${helloId}/cancel`, { user, method: "POST" });
  const ids = async (query: string) =>
    (await listed(app, query)).map(({ id }) => id);
  assertEquals(await ids(""), [longId, helloId]);
  assertEquals(await ids("/"), [longId, helloId]);
  assertEquals(await ids("?job_name=hello"), [helloId]);
  assertEquals(await ids(`?jobName=${longJob}`), [longId]);
  assertEquals(await ids("?job_name=hell"), []);
  assertEquals(await ids("?status=ABORTED"), [helloId]);
  assertEquals(await ids("?status=1"), [longId]);
  assertEquals(await ids("?status=0&job_name="), [longId, helloId]);
  assertEquals(await ids(`?status=TRIGGERED&job_name=${longJob}`), [longId]);
  assertEquals(await ids("?status=PENDING&unknown=x"), []);
});

for (const status of ["nope", "aborted", "9", "-1", "1.0"]) {
  Deno.test(`gangway 78: the status ${status} is a 400`, async () => {
    await using app = await startGangway();
    const refusal = await refused(
      await app.request(`${collection}?status=${status}`, { user }),
    );
    assertEquals([refusal.status, refusal.code], [400, 3]);
    assertMatch(refusal.message, /there is no status .* use one of /);
  });
}

Deno.test("gangway 68: an unknown id is a 404 that names it, and 500 when strict", async () => {
  const message = 'prowjobs.prow.k8s.io "nope" not found';
  const path = `${collection}/nope`;
  await using app = await startGangway();
  assertEquals(await refused(await app.request(path, { user })), {
    status: 404,
    code: 5,
    message,
  });
  await using strict = await startGangway({ strict: true });
  assertEquals(await refused(await strict.request(path, { user })), {
    status: 500,
    code: 2,
    message,
  });
});
