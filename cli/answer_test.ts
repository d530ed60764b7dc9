import { assertEquals, assertStringIncludes } from "@std/assert";
import { readRetryAfter, toRefusal, toUnreachable } from "./answer.ts";

const url = "https://ci.example.org";

function refusal(
  status: number,
  text: string,
  headers: Record<string, string> = { "x-request-id": "1" },
) {
  return toRefusal({ status, text, headers: new Headers(headers) }, url, 0);
}

Deno.test("the server's reason is told, in each dialect", () => {
  assertEquals(refusal(404, '{"detail": "no run"}').message, "no run");
  assertEquals(
    refusal(400, '{"code": 3, "message": "no job"}').message,
    "no job",
  );
  assertEquals(refusal(400, "Invalid suite: x\n").message, "Invalid suite: x");
  assertEquals(refusal(400, '{"error": "no suite"}').message, "no suite");
});

Deno.test("who is not signed in is told how to", () => {
  assertStringIncludes(
    refusal(401, '{"detail": "no"}').message,
    "slipway login",
  );
  assertStringIncludes(refusal(403, "Invalid key\n").message, "slipway login");
});

Deno.test("a page of somebody in between is not told as a reason", () => {
  for (const text of ["<html>Bad Gateway", "", "x".repeat(5_000)]) {
    const { message, exitStatus } = refusal(502, text, {});
    assertStringIncludes(message, `${url} answered 502`);
    assertEquals([message.length < 200, exitStatus], [true, 3]);
  }
});

Deno.test("a redirect is refused with where it leads", () => {
  const { message } = refusal(301, "", { location: "https://elsewhere" });
  assertStringIncludes(message, "https://elsewhere");
});

Deno.test("Retry-After is seconds or a date", () => {
  assertEquals(readRetryAfter("7", 0), 7_000);
  assertEquals(readRetryAfter("Thu, 01 Jan 1970 00:00:09 GMT", 4_000), 5_000);
  assertEquals(readRetryAfter("soon", 0), null);
  assertEquals(readRetryAfter(null, 0), null);
});

Deno.test("only a request that could not be sent was surely not carried out", () => {
  const failed = (cause: string) =>
    new TypeError("fetch failed", { cause: new Error(cause) });
  const refused = failed(
    "error sending request for url (https://ci.example.org/): client error (Connect): tcp connect error: Connection refused (os error 111)",
  );
  const reset = failed(
    "error sending request for url (https://ci.example.org/): client error (SendRequest): connection error: connection reset",
  );
  const timeout = new DOMException("Signal timed out.", "TimeoutError");
  assertEquals(
    [refused, reset, timeout].map((error) => toUnreachable(error, url).wasSent),
    [false, true, true],
  );
  assertStringIncludes(toUnreachable(refused, url).message, "nothing listens");
  assertStringIncludes(toUnreachable(reset, url).message, "broke off");
  const other = failed(
    "error sending request for url (https://ci.example.org/): client error (Connect): the moon is in the way",
  );
  assertEquals(
    toUnreachable(other, url).message,
    `Cannot reach ${url}: the moon is in the way`,
  );
});
