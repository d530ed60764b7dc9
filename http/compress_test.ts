import { assert, assertEquals } from "@std/assert";
import { acceptsGzip, compressPage, gzip } from "./compress.ts";

const html = { "content-type": "text/html; charset=utf-8" };

function compressed(
  headers: Record<string, string>,
  accept: string | null = "gzip, br",
  method = "GET",
) {
  const request = new Request("http://slipway.test/", {
    method,
    headers: accept === null ? {} : { "accept-encoding": accept },
  });
  const body = "word ".repeat(1_000);
  return compressPage(request, new Response(body, { headers }));
}

Deno.test("a page is compressed for who takes it, and is the same again", async () => {
  const answer = compressed({ ...html, vary: "accept" });
  assertEquals(answer.headers.get("content-encoding"), "gzip");
  assertEquals(answer.headers.get("vary"), "accept, accept-encoding");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert(bytes.length < 500, String(bytes.length));
  const text = await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();
  assertEquals(text, "word ".repeat(1_000));
});

Deno.test("a file keeps its length, so that parts of it can be asked for", async () => {
  const kept = [
    compressed({ ...html, "content-length": "5000" }),
    compressed({ ...html, "content-disposition": "attachment" }),
    compressed({ ...html, "content-encoding": "br" }),
    compressed({ "content-type": "text/plain" }),
    compressed({ "content-type": "text/event-stream" }),
    compressed(html, null),
    compressed(html, "gzip, br", "POST"),
  ];
  for (const answer of kept) {
    assert(answer.headers.get("content-encoding") !== "gzip");
    assertEquals((await answer.text()).length, 5_000);
  }
});

Deno.test("gzip is sent to who names it, and not to who rules it out", () => {
  const accepts = (value: string) =>
    acceptsGzip(new Headers({ "accept-encoding": value }));
  for (
    const value of ["gzip", "br, gzip", "gzip;q=0.5", "deflate, gzip ;q=1"]
  ) {
    assertEquals(accepts(value), true, value);
  }
  for (const value of ["", "br", "gzip;q=0", "gzip; q=0.00", "xgzip", "*"]) {
    assertEquals(accepts(value), false, value);
  }
});

Deno.test("what is short gains nothing", async () => {
  assertEquals(await gzip("short"), null);
  assert(((await gzip("x".repeat(5_000)))?.length ?? 9_999) < 100);
});
