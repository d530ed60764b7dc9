import {
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ApiError } from "../core/error.ts";
import { sessionCookie } from "./cookie.ts";
import { assertCsrf, csrfField, csrfFieldName, csrfToken } from "./csrf.ts";

const withCookie = (value: string) =>
  new Request("http://slipway.test/", {
    headers: { cookie: `other=1; ${sessionCookie}=${value}` },
  });

const fields = (token: string) =>
  new URLSearchParams({ [csrfFieldName]: token });

Deno.test("a form is taken with the token of its page, and with no other", () => {
  const token = csrfToken("secret");
  assertCsrf(withCookie("secret"), fields(token));
  const bad = ["", token.slice(1), token.toUpperCase(), csrfToken("b")];
  for (const each of bad) {
    const error = assertThrows(
      () => assertCsrf(withCookie("secret"), fields(each)),
      ApiError,
    );
    assertEquals(error.code, "forbidden");
  }
  assertThrows(
    () => assertCsrf(withCookie("secret"), new URLSearchParams()),
    ApiError,
  );
});

Deno.test("no two pages have the same token, and each is good", () => {
  const [one, other] = [csrfToken("secret"), csrfToken("secret")];
  assertNotEquals(one.slice(0, 32), other.slice(0, 32));
  assertNotEquals(one.slice(32), other.slice(32));
  const mixed = one.slice(0, 32) + other.slice(32);
  assertThrows(() => assertCsrf(withCookie("secret"), fields(mixed)), ApiError);
  for (const each of [one, other]) {
    assertCsrf(withCookie("secret"), fields(each));
  }
});

Deno.test("without the cookie there is nothing to forge", () => {
  assertCsrf(new Request("http://slipway.test/"), fields(""));
});

Deno.test("the field tells nothing of the cookie", async () => {
  const field = String(await csrfField("secret"));
  assertStringIncludes(field, `name="${csrfFieldName}"`);
  const token = /value="([^"]*)"/.exec(field)?.[1] ?? "";
  assertCsrf(withCookie("secret"), fields(token));
  assertEquals(field.includes("secret"), false);
});
