import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import { readBearer } from "./credential.ts";

const token = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJzbGlwd2F5In0.c2lnbmF0dXJl";

Deno.test("readBearer() takes the token, however the scheme is written", () => {
  for (const scheme of ["Bearer", "bearer", "BEARER", "Bearer "]) {
    assertEquals(readBearer(`${scheme} ${token}`), token);
  }
});

Deno.test("readBearer() leaves other schemes to others", () => {
  const others = [null, "", "Basic YTpi", "Bearers x.y.z", "Digest a=b", "x"];
  for (const header of others) assertEquals(readBearer(header), null);
});

const mistakes: Record<string, string> = {
  "Bearer": "the token is empty",
  [`Bearer Bearer ${token}`]: "the word Bearer is there twice",
  [`Bearer "${token}"`]: "in quotes",
  [`Bearer '${token}`]: "in quotes",
  [`"Bearer ${token}"`]: "begins with a quote",
  [`Bearer: ${token}`]: "a colon after the word Bearer",
  [token]: "the word Bearer is missing",
  "Bearer $TOKEN": "shell variable",
  "Bearer <token>": "placeholder",
  [`Bearer ${token} x`]: "a space or a line break",
  [`Bearer ${token}\u00e9`]: "characters in it that none has",
  "Bearer 2f1d7c3a-0b1e-4c55-9d8e-6a7b8c9d0e1f": "header Auth-Key",
  "Bearer abc": "three parts",
};

for (const [header, saying] of Object.entries(mistakes)) {
  Deno.test(`readBearer() says of a bad header: ${saying}`, () => {
    const error = assertThrows(() => readBearer(header), ApiError);
    assertEquals(error.code, "unauthenticated");
    assertStringIncludes(error.message, saying);
  });
}
