import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startDebci } from "../../../tests/debci.ts";
import { atomFeed, xmlText } from "./feed.ts";

Deno.test("a text cannot leave its place in a feed, and nothing that XML forbids stays in it", () => {
  assertEquals(
    xmlText(`</title><script>&"'`),
    "&lt;/title&gt;&lt;script&gt;&amp;&quot;&#39;",
  );
  assertEquals(
    xmlText("a\u0000b\u001bc\uffffd\ud800e\tf\ng"),
    "a�b�c�d�e\tf\ng",
  );
  assertEquals(xmlText("😀"), "😀");
});

Deno.test("a feed has what RFC 4287 asks for", () => {
  const text = atomFeed({
    href: "http://x.test/f.xml?a&b",
    title: "t",
    updatedAt: 0,
    entries: [{
      runId: "0190",
      title: "]]>",
      text: "",
      href: "http://x.test/log.gz",
      updatedAt: 1,
    }],
  });
  assertStringIncludes(text, "<id>http://x.test/f.xml?a&amp;b</id>");
  assertStringIncludes(text, "<updated>1970-01-01T00:00:00.000Z</updated>");
  assertStringIncludes(text, "<id>urn:uuid:0190</id>");
  assertStringIncludes(text, "<title>]]&gt;</title>");
  assertMatch(text, /<author><name>[^<]+<\/name><\/author>/);
});

Deno.test("a feed is there once a public test has a result, holds ten entries, and links each log", async () => {
  await using rig = await startDebci();
  await rig.text("/data/feeds/b/bash.xml", 404);
  const numbers: number[] = [];
  for (let at = 0; at < 13; at++) {
    const exitCode = at % 2 === 0 ? 0 : 4;
    numbers.push(await rig.run({ package: "bash" }, { exitCode }));
    if (at === 0) {
      assertEquals(
        (await rig.text("/data/feeds/b/bash.xml")).includes("<entry>"),
        false,
      );
    }
  }
  const feed = await rig.text("/data/feeds/b/bash.xml");
  const links = [...feed.matchAll(/rel="alternate" href="([^"]+)"/g)]
    .map(([, href = ""]) => href);
  assertEquals(
    links,
    numbers.toReversed().slice(0, 10).map((number) =>
      `http://slipway.test/data/autopkgtest/unstable/amd64/b/bash/${number}/log.gz`
    ),
  );
  assertEquals(await rig.text(new URL(links[0] ?? "").pathname) !== "", true);
  await rig.text("/data/feeds/x/bash.xml", 404);
  await rig.text("/data/feeds/b/bash", 404);
});
