import { assertEquals } from "@std/assert";
import { claimedIssuer, readJwt } from "./token.ts";

const jwt = (payload: string) =>
  ["{}", payload, "x"].map((part) =>
    new TextEncoder().encode(part).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    })
  ).join(".");

Deno.test("the issuer that a token names is read, whatever else it says", () => {
  const iss = "https://login.example.org/?~>";
  const claims = { name: "Älice ✓ ÿÿ>>??", iss, groups: ["x".repeat(99)] };
  assertEquals(claimedIssuer(jwt(JSON.stringify(claims))), iss);
});

Deno.test("what names no issuer has none", () => {
  for (
    const payload of ["", "x", "null", "7", '"iss"', "[]", "{}", '{"iss":7}']
  ) {
    assertEquals(claimedIssuer(jwt(payload)), null, payload);
  }
  for (const token of ["", ".", "..", "a.%%%.b", `a.${"[".repeat(9999)}.b`]) {
    assertEquals(claimedIssuer(token), null, token.slice(0, 9));
  }
});

Deno.test("only the header of a JWT that is whole is read", () => {
  assertEquals(readJwt("Bearer a.b.c"), "a.b.c");
  assertEquals(readJwt("bearer  a.b."), "a.b.");
  for (
    const header of [
      null,
      "",
      "a.b.c",
      "Bearer a.b",
      "Bearer a.b.c d",
      'Bearer "a.b.c"',
      "Bearer Bearer a.b.c",
      "Basic a.b.c",
      `Bearer a.${"b".repeat(16_384)}.c`,
    ]
  ) assertEquals(readJwt(header), null, String(header).slice(0, 30));
});
