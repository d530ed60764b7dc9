import { assertEquals, assertStringIncludes } from "@std/assert";
import { escapeMarkup } from "../../../http/markup.ts";
import { pageReply } from "./page.ts";

Deno.test("a page's policy lets its own style through, and nothing else", async () => {
  const reply = pageReply("t", "");
  const style = /<style>(.*)<\/style>/s.exec(await reply.text())?.[1] ?? "";
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(style),
  );
  const hash = new Uint8Array(digest).toBase64();
  assertStringIncludes(
    reply.headers.get("content-security-policy") ?? "",
    `default-src 'none'; style-src 'sha256-${hash}';`,
  );
});

Deno.test("text in a page is no markup", () => {
  assertEquals(
    escapeMarkup(`<a href="x" title='y'>&`),
    "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;",
  );
});
