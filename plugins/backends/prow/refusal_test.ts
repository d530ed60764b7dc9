import { assertEquals } from "@std/assert";
import { ApiError, type ErrorCode } from "../../../core/error.ts";
import { dialect, percentEncode } from "./refusal.ts";

const request = new Request("http://slipway.test/v1/executions");

Deno.test("a refusal carries gRPC's status and message in headers", () => {
  const error = new ApiError("invalid", 'bad "é"\n100%', {
    headers: { "www-authenticate": "Bearer" },
  });
  const { status, headers } = dialect.refuse(error, request, null);
  assertEquals(status, 400);
  assertEquals(headers.get("grpc-status"), "3");
  assertEquals(headers.get("grpc-message"), 'bad "%C3%A9"%0A100%25');
  assertEquals(headers.get("content-type"), "application/json");
  assertEquals(headers.get("www-authenticate"), "Bearer");
});

Deno.test("a refusal says in its body what is wrong", async () => {
  const error = new ApiError("not_found", "no such job");
  assertEquals(
    await dialect.refuse(error, request, null).text(),
    '{\n "code": 5,\n "message": "no such job",\n "details": []\n}\n',
  );
});

Deno.test("a long message is cut in the header, where it would break clients, and whole in the body", async () => {
  const error = new ApiError("invalid", "é".repeat(100_000));
  const response = dialect.refuse(error, request, null);
  assertEquals((response.headers.get("grpc-message") ?? "").length, 6003);
  assertEquals((await response.json()).message, error.message);
});

const codes: readonly (readonly [ErrorCode, number, number])[] = [
  ["invalid", 400, 3],
  ["unauthenticated", 401, 16],
  ["forbidden", 403, 7],
  ["not_found", 404, 5],
  ["conflict", 409, 10],
  ["rate_limited", 429, 8],
  ["internal", 500, 2],
  ["unavailable", 503, 14],
  ["timeout", 504, 4],
];

for (const [code, status, number] of codes) {
  Deno.test(`${code} is HTTP ${status} and gRPC ${number}`, () => {
    const response = dialect.refuse(new ApiError(code, "x"), request, null);
    assertEquals(response.status, status);
    assertEquals(response.headers.get("grpc-status"), String(number));
  });
}

Deno.test("percentEncode() leaves printable ASCII alone", () => {
  const text = Array.from(
    { length: 95 },
    (_, index) => String.fromCharCode(0x20 + index),
  ).join("");
  assertEquals(percentEncode(text), text.replace("%", "%25"));
  assertEquals(percentEncode("\u0000\x7f\ud800"), "%00%7F%EF%BF%BD");
});

const paths = [
  ["/v1/executions/", "/v1/executions"],
  ["/v1/executions//job", "/v1/executions/job"],
  ["//v1/executions/job", "/v1/executions/job"],
  ["/v1/executions/job", "/v1/executions/job"],
  ["/", "/"],
] as const;

for (const [tolerated, declared] of paths) {
  Deno.test(`${tolerated} is taken as ${declared}`, () => {
    assertEquals(dialect.normalisePath?.(tolerated), declared);
  });
}
