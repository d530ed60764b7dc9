import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { download, readRange } from "./download.ts";

Deno.test("readRange() reads one range, from the front or the end, and ignores what it cannot read", () => {
  assertEquals(readRange("bytes=0-4", 10), { start: 0, end: 5 });
  assertEquals(readRange("bytes=5-", 10), { start: 5, end: 10 });
  assertEquals(readRange("bytes=-3", 10), { start: 7, end: 10 });
  assertEquals(readRange("bytes=0-99", 10), { start: 0, end: 10 });
  for (
    const header of [
      undefined,
      "",
      "bytes=-",
      "bytes=a-b",
      "bytes=0-1,3-4",
      "lines=1-2",
    ]
  ) {
    assertEquals(readRange(header, 10), undefined, header);
  }
  assertThrows(() => readRange("bytes=10-", 10), ApiError, "has 10 bytes");
});

Deno.test("a page that a job made is saved, not shown", async () => {
  const artifact = {
    path: "a/evil's.html",
    sizeBytes: 1,
    sha256: "0",
    contentType: "text/html",
    createdAt: 0,
  };
  const response = download(artifact, new Blob(["x"]).stream());
  assertEquals(
    response.headers.get("content-disposition"),
    "attachment; filename*=UTF-8''evil%27s.html",
  );
  assertEquals(
    response.headers.get("content-security-policy"),
    "sandbox; default-src 'none'",
  );
  await response.body?.cancel();
});
