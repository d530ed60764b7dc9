import { assertEquals, assertStringIncludes } from "@std/assert";
import { link, page, pageHeaders, scriptJson } from "./html.ts";

Deno.test("a page's policy lets its own style through, and nothing else", async () => {
  const style = /<style>(.*)<\/style>/s.exec(page("t", ""))?.[1] ?? "";
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(style),
  );
  const hash = new Uint8Array(digest).toBase64();
  assertStringIncludes(
    pageHeaders["content-security-policy"],
    `default-src 'none'; style-src 'sha256-${hash}';`,
  );
});

Deno.test("JSON in a script ends neither the script nor the statement", () => {
  const value = { title: "</script><!-- ]; \u2028 &" };
  const text = scriptJson(value);
  assertEquals(JSON.parse(text), value);
  for (const bad of ["<", ">", ";", "\u2028", "&"]) {
    assertEquals(text.includes(bad), false, bad);
  }
});

for (
  const [href, isLink] of [
    ["/view/x", true],
    ["https://git.example/5", true],
    ["javascript:alert(1)", false],
    ["data:text/html,x", false],
    ["", false],
    ["/\\evil.example", false],
  ] as const
) {
  Deno.test(`${JSON.stringify(href)} is ${isLink ? "a link" : "only named"}`, () => {
    assertEquals(
      link(href, "<b>"),
      isLink ? `<a href="${href}">&lt;b&gt;</a>` : "&lt;b&gt;",
    );
  });
}
