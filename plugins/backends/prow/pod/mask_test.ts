import { assert, assertEquals } from "@std/assert";
import { Mask } from "./mask.ts";

const secret = "s3cr3t/+value";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What is left of a text that comes in pieces of a length. */
function inPieces(mask: Mask, text: string, length: number): string {
  const all = bytes(text);
  const decoder = new TextDecoder();
  let shown = "";
  for (let start = 0; start < all.length; start += length) {
    const piece = mask.push(all.subarray(start, start + length));
    shown += decoder.decode(piece, { stream: true });
  }
  return shown + decoder.decode(mask.flush());
}

Deno.test("a secret is masked however the stream is cut", () => {
  const text = `käse ${secret}${secret} s3cr3t/+valu ${secret}`;
  for (let length = 1; length <= text.length + 2; length++) {
    assertEquals(
      inPieces(new Mask([secret]), text, length),
      "käse XXXXXX s3cr3t/+valu XXX",
    );
  }
});

Deno.test("of secrets that begin or end alike the longest is masked whole", () => {
  const mask = () => new Mask(["abcd", "abcdefgh", "xabcd", "cdxyz"]);
  for (let length = 1; length < 12; length++) {
    assertEquals(inPieces(mask(), "abcdefgh.", length), "XXX.");
    assertEquals(inPieces(mask(), "xabcdxyz", length), "XXXxyz");
    assertEquals(inPieces(mask(), "abcdefg", length), "XXXefg");
    assertEquals(inPieces(mask(), "abcdxyz abc", length), "XXXxyz abc");
  }
});

Deno.test("base64 of a secret, and of texts that it is in, is masked at every alignment", () => {
  for (const before of ["", "a", "ab", "abc", "user:"]) {
    for (const after of ["", "z", "zz"]) {
      const encoded = btoa(before + secret + after);
      const shown = new Mask([secret]).text(encoded);
      assert(shown.includes("XXX"), encoded);
      const rest = shown.replace("XXX", "").length;
      assert(rest <= btoa(before).length + btoa(after).length + 2, shown);
    }
  }
  const urlSafe = btoa("??>>??>>").replaceAll("/", "_").replaceAll("+", "-");
  assertEquals(new Mask(["??>>??>>"]).text(urlSafe), "XXX");
});

Deno.test("secrets are not patterns, may be of any script, and have their white space around them cut", () => {
  assertEquals(new Mask([" a.*b\n"]).text("a.*b aXXb"), "XXX aXXb");
  assertEquals(new Mask(["пароль"]).text("мой пароль"), "мой XXX");
});

Deno.test("what is too short to be a secret is left, and bytes that are no text", () => {
  assertEquals(new Mask(["abc", ""]).text("abc"), "abc");
  const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
  const mask = new Mask([secret]);
  assertEquals([...mask.push(binary), ...mask.flush()], [...binary]);
});

Deno.test("50 MB of log go through whole", () => {
  const chunk = bytes(`${"x".repeat(99)}\n`.repeat(640));
  const mask = new Mask([secret, "another secret", "-".repeat(3000)]);
  let length = 0;
  for (let sent = 0; sent < 50_000_000; sent += chunk.length) {
    length += mask.push(chunk).length;
  }
  length += mask.flush().length;
  assert(length >= 50_000_000);
});
