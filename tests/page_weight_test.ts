import { assert, assertEquals } from "@std/assert";
import { serveApp } from "./gangway.ts";
import type { DebciRig } from "./debci.ts";
import { readPage, startPages } from "./pages.ts";

/** Bytes that a first visit may take, without the log: headers, HTML and all that it loads. */
const mostBytes = 60_000;

/** What comes over the connection for a path, as curl counts it, and the text. */
async function transfer(url: string, headers: Record<string, string>) {
  const { stdout, stderr, success } = await new Deno.Command("curl", {
    args: [
      ..."--silent --show-error --fail --compressed".split(" "),
      ...["--header", "Accept: text/html"],
      ...Object.entries(headers).flatMap((header) => [
        "--header",
        header.join(": "),
      ]),
      ...["--write-out", "%{stderr}%{size_header} %{size_download}", url],
    ],
    env: { no_proxy: "127.0.0.1" },
  }).output();
  const decoder = new TextDecoder();
  const [text, sizes] = [decoder.decode(stdout), decoder.decode(stderr)];
  assert(success, `${url}: ${sizes}`);
  const bytes = sizes.split(" ").map(Number).reduce((sum, each) => sum + each);
  return { bytes, text };
}

/** The files that a page loads by itself. */
function loadedBy(html: string): string[] {
  const loads = html.matchAll(
    /<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+)"/g,
  );
  return [...new Set([...loads].map(([, path = ""]) => path))];
}

/** Where the menus of a page lead. */
async function menuPaths(rig: DebciRig, path: string): Promise<string[]> {
  const { document } = await readPage(rig, path, "alice");
  return [...document.querySelectorAll("nav a")]
    .map((link) => link.getAttribute("href") ?? "");
}

Deno.test("a first visit of any page takes at most 60 kB, over a real connection", async () => {
  await using rig = await startPages();
  for (let turn = 0; turn < 60; turn++) {
    await rig.run({ package: `package-number-${turn}` }, {
      exitCode: turn % 4,
    });
  }
  const headers = await rig.app.signIn("alice");
  await using server = serveApp(rig.app);
  const paths = new Set([
    "/runs/1",
    "/runs/1?search=log",
    ...await menuPaths(rig, "/"),
    ...await menuPaths(rig, "/account"),
  ]);
  assert(paths.has("/runs") && paths.has("/account") && paths.has("/docs"));
  for (const path of paths) {
    const page = await transfer(server.url + path, headers);
    let sum = page.bytes;
    for (const file of loadedBy(page.text)) {
      assert(file.startsWith("/assets/"), file);
      sum += (await transfer(server.url + file, headers)).bytes;
    }
    assert(sum <= mostBytes, `${path} takes ${sum} bytes`);
  }
});

Deno.test("a file of the pages is the same, compressed or not, and kept by caches for each", async () => {
  await using rig = await startPages();
  await using server = serveApp(rig.app);
  const html = await (await fetch(`${server.url}/docs`)).text();
  const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)]
    .map(([, path = ""]) => path);
  assert(files.some((path) => path.includes("swagger")));
  for (const path of new Set(files)) {
    const answers = await Promise.all(
      ["gzip", "identity"].map((encoding) =>
        rig.app.request(path, { headers: { "accept-encoding": encoding } })
      ),
    );
    const [zipped, plain] = answers;
    assertEquals(
      answers.map(({ headers }) => headers.get("vary")),
      ["accept-encoding", "accept-encoding"],
    );
    const isZipped = zipped?.headers.get("content-encoding") === "gzip";
    const body = isZipped
      ? zipped.body?.pipeThrough(new DecompressionStream("gzip"))
      : zipped?.body;
    assertEquals(await new Response(body).text(), await plain?.text());
  }
});

Deno.test("a page says that it differs by encoding", async () => {
  await using rig = await startPages();
  const answer = await rig.app.request("/docs", {
    headers: { accept: "text/html", "accept-encoding": "gzip" },
  });
  await answer.body?.cancel();
  assertEquals(answer.headers.get("content-encoding"), "gzip");
  assertEquals(
    answer.headers.get("vary"),
    "accept, cookie, authorization, accept-encoding",
  );
  assertEquals(answer.headers.get("cache-control"), "private, no-store");
});
