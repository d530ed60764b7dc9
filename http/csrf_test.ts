import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { sessionCookie } from "./cookie.ts";
import { assertCsrf, csrfField, csrfFieldName, csrfToken } from "./csrf.ts";

const withCookie = (value: string) =>
  new Request("http://slipway.test/", {
    headers: { cookie: `other=1; ${sessionCookie}=${value}` },
  });

const fields = (token: string) =>
  new URLSearchParams({ [csrfFieldName]: token });

Deno.test("a form is taken with the token of its page, and with no other", async () => {
  const token = await csrfToken("secret");
  await assertCsrf(withCookie("secret"), fields(token));
  const bad = ["", token.slice(1), token.toUpperCase(), await csrfToken("b")];
  for (const each of bad) {
    const error = await assertRejects(
      () => assertCsrf(withCookie("secret"), fields(each)),
      ApiError,
    );
    assertEquals(error.code, "forbidden");
  }
  await assertRejects(
    () => assertCsrf(withCookie("secret"), new URLSearchParams()),
    ApiError,
  );
});

Deno.test("without the cookie there is nothing to forge", async () => {
  await assertCsrf(new Request("http://slipway.test/"), fields(""));
});

Deno.test("the field tells nothing of the cookie", async () => {
  const field = String(await csrfField("secret"));
  assertStringIncludes(field, `name="${csrfFieldName}"`);
  assertStringIncludes(field, await csrfToken("secret"));
  assertEquals(field.includes("secret"), false);
});
