import { assertEquals } from "@std/assert";
import { isSafeHref, visible } from "./text.tsx";

Deno.test("what is unseen is written out, and nothing else is changed", () => {
  assertEquals(
    visible("plain ünïcode 漢字 🎉\ttab"),
    "plain ünïcode 漢字 🎉\ttab",
  );
  assertEquals(visible("a\u202eb"), "a[U+202E]b");
  assertEquals(visible("\u2066\u200b\ufeff"), "[U+2066][U+200B][U+FEFF]");
  assertEquals(visible("\u0000\u001b\u009b"), "[U+0000][U+001B][U+009B]");
  assertEquals(visible("\u{e0041}"), "[U+E0041]");
  assertEquals(visible("half \ud800"), "half \ufffd");
});

Deno.test("only a path of ours and a web address are links", () => {
  for (
    const href of ["/runs/1", "/", "https://ci.example.org/x", "HTTP://a/"]
  ) {
    assertEquals(isSafeHref(href), true, href);
  }
  for (
    const href of [
      "javascript:alert(1)",
      "java\nscript:alert(1)",
      " javascript:alert(1)",
      "data:text/html,x",
      "//evil.test/",
      "/\\evil.test",
      "/\t/evil.test",
      "https://",
      "relative",
      "",
    ]
  ) assertEquals(isSafeHref(href), false, JSON.stringify(href));
});
