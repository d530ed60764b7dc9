import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startDebci } from "../../../tests/debci.ts";
import { prefixOf } from "./data_path.ts";

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();
}

const folder = "/data/autopkgtest/unstable/amd64/b/bash";

Deno.test("debci 103: the folder of a package is under its first letter, or four of a library's", () => {
  assertEquals(
    ["bash", "libc6", "lib", "liblinear", "0ad"].map(prefixOf),
    ["b", "libc", "lib", "libl", "0"],
  );
});

Deno.test("the files that a test left lie in debci's layout, each of its type", async () => {
  await using rig = await startDebci();
  const number = await rig.run({ package: "bash" }, {
    files: {
      "log.gz": await gzip("the whole log\n"),
      "artifacts.tar.gz": "tar",
      "exitcode": "0\n",
      "testinfo.json": "{}",
      "secret.html": "<script>",
    },
  });
  const types = new Map<string, string | null>();
  for (
    const name of ["log.gz", "artifacts.tar.gz", "exitcode", "testinfo.json"]
  ) {
    const response = await rig.app.request(`${folder}/${number}/${name}`);
    await response.body?.cancel();
    assertEquals(response.status, 200, name);
    assertEquals(
      response.headers.get("content-security-policy"),
      "sandbox; default-src 'none'",
    );
    types.set(name, response.headers.get("content-type"));
  }
  assertEquals([...types.values()], [
    "text/plain; charset=utf-8",
    "application/gzip",
    "text/plain; charset=utf-8",
    "application/json",
  ]);
  await rig.text(`${folder}/${number}/secret.html`, 404);
  await rig.text(`${folder}/${number}/duration`, 404);
  const page = await rig.text(`${folder}/${number}/`);
  assertStringIncludes(page, `href="${folder}/${number}/log.gz"`);
  assertEquals(page.includes("secret"), false);
  assertEquals(await rig.text(`${folder}/${number}`), page);
});

Deno.test("log.gz is plain text in gzip's encoding, as debci serves it, and Range asks for a part", async () => {
  await using rig = await startDebci();
  const bytes = await gzip("the whole log\n");
  const number = await rig.run({ package: "bash" }, {
    files: { "log.gz": bytes },
  });
  const path = `${folder}/${number}/log.gz`;
  const whole = await rig.app.request(path);
  assertEquals(whole.headers.get("content-encoding"), "gzip");
  assertEquals(new Uint8Array(await whole.arrayBuffer()), bytes);
  const part = await rig.app.request(path, { headers: { range: "bytes=2-4" } });
  assertEquals(part.status, 206);
  assertEquals(
    new Uint8Array(await part.arrayBuffer()),
    bytes.subarray(2, 5),
  );
  const behind = await rig.app.request(path, {
    headers: { range: "bytes=99999-" },
  });
  assertEquals(behind.status, 416);
  await behind.body?.cancel();
  const head = await rig.app.request(path, { method: "HEAD" });
  assertEquals(head.headers.get("content-length"), String(bytes.length));
  assertEquals(await head.text(), "");
});

Deno.test("the server's log is compressed on its way when the runner handed none in, once the test is over", async () => {
  await using rig = await startDebci();
  const log = "line\n".repeat(1_000);
  const number = await rig.run({ package: "bash" }, { log });
  const response = await rig.app.request(`${folder}/${number}/log.gz`);
  assertEquals(
    response.headers.get("content-type"),
    "text/plain; charset=utf-8",
  );
  assertEquals(await gunzip(new Uint8Array(await response.arrayBuffer())), log);
  const waiting = await rig.ask({ package: "bash" });
  await rig.text(`${folder}/${waiting}/log.gz`, 404);
  const silent = await rig.ask({ package: "bash" });
  await rig.end({ log: "" });
  await rig.end({ log: "" });
  await rig.text(`${folder}/${silent}/log.gz`, 404);
});

Deno.test("a test's files are nowhere but in its own folder", async () => {
  await using rig = await startDebci();
  const number = await rig.run({ package: "bash" });
  await rig.text(`${folder}/${number}/log.gz`);
  const elsewhere = [
    `/data/autopkgtest/testing/amd64/b/bash/${number}/log.gz`,
    `/data/autopkgtest/unstable/arm64/b/bash/${number}/log.gz`,
    `/data/autopkgtest/unstable/amd64/d/bash/${number}/log.gz`,
    `/data/autopkgtest/unstable/amd64/d/dash/${number}/log.gz`,
    `${folder}/0${number}/log.gz`,
    `${folder}/${number + 1}/log.gz`,
    `${folder}/x/log.gz`,
    `${folder}/${number}/..%2f${number}%2flog.gz`,
    `${folder}/99999999999999999999/log.gz`,
  ];
  for (const path of elsewhere) {
    assertStringIncludes(await rig.text(path, 404), "Cannot find /data/");
  }
});

Deno.test("a bad credential is refused in debci's words even where all may read", async () => {
  await using rig = await startDebci();
  const number = await rig.run({ package: "bash" });
  for (
    const path of [
      `${folder}/${number}/log.gz`,
      "/data/status/unstable/amd64/status.json",
      "/data/feeds/b/bash.xml",
    ]
  ) {
    const response = await rig.app.request(path, {
      headers: { "test-user": "nobody-99" },
    });
    assertEquals(await response.text(), "Invalid key\n");
    assertEquals(response.status, 403);
  }
});

Deno.test("a private test's files are for its owner and those who may read all, and kept by no cache", async () => {
  await using rig = await startDebci();
  const number = await rig.run({ package: "bash", isPrivate: true });
  const path = `${folder}/${number}/log.gz`;
  const [own, admin, other, nobody] = await Promise.all([
    rig.app.request(path, { user: "alice" }),
    rig.app.request(path, { user: "bob", role: "admin" }),
    rig.app.request(path, { user: "bob" }),
    rig.app.request(path),
  ]);
  const answers = [own, admin, other, nobody];
  assertEquals(answers.map(({ status }) => status), [200, 200, 404, 404]);
  assertEquals(own?.headers.get("cache-control"), "private, no-store");
  assertEquals(nobody?.headers.get("cache-control"), "no-store");
  for (const answer of answers) await answer.body?.cancel();
});

Deno.test("where the operator does not publish, files are for who may read tests", async () => {
  await using rig = await startDebci({ publicData: false });
  const number = await rig.run({ package: "bash" });
  const paths = [
    `${folder}/${number}/log.gz`,
    "/data/status/unstable/amd64/packages.json",
    "/data/packages/b/bash/unstable-amd64.json",
    "/data/feeds/b/bash.xml",
  ];
  for (const path of paths) {
    assertEquals(await rig.text(path, 403), "Invalid key\n");
    const response = await rig.app.request(path, { user: "bob" });
    await response.body?.cancel();
    assertEquals(response.status, 200);
    assert(response.headers.get("cache-control")?.startsWith("private"));
  }
});
