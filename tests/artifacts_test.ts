import { assertEquals } from "@std/assert";
import * as z from "zod";
import { sha256Hex } from "../core/id.ts";
import { openBlobFolder } from "../db/blob_folder.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

const tokenSchema = z.object({ token: z.string() });
const assignmentSchema = z.object({
  run: z.object({ id: z.string() }),
  attemptToken: z.string(),
});
const listSchema = z.object({
  artifacts: z.array(
    z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() }),
  ),
});

const json = { "content-type": "application/json" };

/** A run of alice's that a runner has claimed, on a server with a folder for files. */
async function claimed(isPrivate = false) {
  const directory = await Deno.makeTempDir({ prefix: "slipway-artifacts-" });
  const test = await startTestApp([dummy()], {
    blobs: openBlobFolder(directory),
  });
  const post = (
    path: string,
    body: unknown,
    headers: Record<string, string>,
    user?: string,
  ) =>
    test.request(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { ...json, ...headers },
      ...(user ? { user } : {}),
    });
  await (await post(
    "/dummy/v1/runs",
    { do: { exit: 0 }, isPrivate },
    {},
    "alice",
  )).body?.cancel();
  const offers = [{ backend: ["dummy"] }];
  const registered = await post("/runner/v1/register", {
    name: "r",
    version: "0",
    offers,
  }, { authorization: `Bearer ${runnerToken}` });
  const { token } = tokenSchema.parse(await registered.json());
  const claim = { claimId: crypto.randomUUID(), offers, waitSeconds: 0 };
  const answer = await post("/runner/v1/claim", claim, {
    authorization: `Bearer ${token}`,
  });
  const { run, attemptToken } = assignmentSchema.parse(await answer.json());
  return {
    test,
    id: run.id,
    put: (
      path: string,
      body: string,
      headers: Record<string, string> = {},
      bearer = attemptToken,
    ) =>
      put(test, run.id, path, body, {
        ...headers,
        authorization: `Bearer ${bearer}`,
      }),
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function put(
  test: TestApp,
  id: string,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<number> {
  const query = `path=${encodeURIComponent(path)}`;
  const response = await test.request(
    `/runner/v1/runs/${id}/artifacts?${query}`,
    { method: "PUT", body, headers },
  );
  await response.body?.cancel();
  return response.status;
}

Deno.test("a file that is handed in can be listed and downloaded, whole and in part", async () => {
  await using bench = await claimed();
  assertEquals(
    await bench.put("artifacts/out.txt", "hello world", {
      "content-type": "text/plain",
    }),
    200,
  );
  const base = `/v1/runs/${bench.id}/artifacts`;
  const list = listSchema.parse(
    await (await bench.test.request(base, { user: "bob" })).json(),
  );
  assertEquals(list.artifacts, [{
    path: "artifacts/out.txt",
    sizeBytes: 11,
    sha256: await sha256Hex("hello world"),
  }]);
  const whole = await bench.test.request(`${base}/artifacts/out.txt`, {
    user: "bob",
  });
  assertEquals([whole.status, await whole.text()], [200, "hello world"]);
  assertEquals(
    whole.headers.get("content-security-policy"),
    "sandbox; default-src 'none'",
  );
  const part = await bench.test.request(`${base}/artifacts/out.txt`, {
    user: "bob",
    headers: { range: "bytes=6-8" },
  });
  assertEquals([
    part.status,
    await part.text(),
    part.headers.get("content-range"),
  ], [206, "wor", "bytes 6-8/11"]);
});

Deno.test("the same file again changes nothing, another under its path is refused", async () => {
  await using bench = await claimed();
  assertEquals(await bench.put("a", "1"), 200);
  assertEquals(await bench.put("a", "1"), 200);
  assertEquals(await bench.put("a", "2"), 409);
});

Deno.test("a file is refused that is not what was announced, or whose path leads out", async () => {
  await using bench = await claimed();
  assertEquals(
    await bench.put("a", "1", {
      "content-digest": `sha-256=:${"A".repeat(43)}=:`,
    }),
    409,
  );
  assertEquals(await bench.put("a", "1", { "content-digest": "md5=:x:" }), 400);
  for (const path of ["../a", "/a", "a/../../b", "a\u0000b", ""]) {
    assertEquals(await bench.put(path, "1"), 400, path);
  }
});

Deno.test("an attempt that is not the live one hands nothing in", async () => {
  await using bench = await claimed();
  assertEquals(await bench.put("a", "1", {}, "wrong"), 409);
  const list = listSchema.parse(
    await (await bench.test.request(`/v1/runs/${bench.id}/artifacts`, {
      user: "alice",
    })).json(),
  );
  assertEquals(list.artifacts, []);
});

Deno.test("files of a private run are not there for others", async () => {
  await using bench = await claimed(true);
  assertEquals(await bench.put("secret.txt", "x"), 200);
  for (const path of ["artifacts", "artifacts/secret.txt"]) {
    const foreign = await bench.test.request(`/v1/runs/${bench.id}/${path}`, {
      user: "bob",
    });
    assertEquals(foreign.status, 404);
    await foreign.body?.cancel();
    const own = await bench.test.request(`/v1/runs/${bench.id}/${path}`, {
      user: "alice",
    });
    assertEquals(own.status, 200);
    await own.body?.cancel();
  }
});

Deno.test("who has a file already is told so, and a download goes on only with the same file", async () => {
  await using bench = await claimed();
  assertEquals(await bench.put("a", "hello world"), 200);
  const etag = `"${await sha256Hex("hello world")}"`;
  const get = async (headers: Record<string, string>, method = "GET") => {
    const response = await bench.test.request(
      `/v1/runs/${bench.id}/artifacts/a`,
      { user: "alice", headers, method },
    );
    assertEquals(
      [response.headers.get("etag"), response.headers.get("cache-control")],
      [etag, "private, no-cache"],
    );
    return [response.status, await response.text()];
  };
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    assertEquals(await get({ "if-none-match": known }), [304, ""], known);
  }
  assertEquals(await get({ "if-none-match": '"other"' }), [200, "hello world"]);
  const range = "bytes=6-";
  assertEquals(await get({ range, "if-range": etag }), [206, "world"]);
  assertEquals(await get({ range, "if-range": '"other"' }), [
    200,
    "hello world",
  ]);
  // The sanitizers would find a file that is left open.
  assertEquals(await get({}, "HEAD"), [200, ""]);
});

// The sanitizers would find the file.
Deno.test("HEAD on a file tells its size, and leaves it closed", async () => {
  await using run = await claimed();
  assertEquals(await run.put("report.txt", "hello"), 200);
  const response = await run.test.request(
    `/v1/runs/${run.id}/artifacts/report.txt`,
    { user: "alice", method: "HEAD" },
  );
  assertEquals(
    [response.status, response.headers.get("content-length"), response.body],
    [200, "5", null],
  );
});
