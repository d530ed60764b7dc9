import { assertEquals } from "@std/assert";
import { plain, readAnsi } from "./ansi.ts";

function spans(line: string) {
  return readAnsi(line, plain).spans.map(({ text, classes }) =>
    classes === "" ? text : `${classes}:${text}`
  );
}

Deno.test("colours and weights become classes, and end where they are ended", () => {
  assertEquals(spans("a\u001b[31mb\u001b[0mc"), ["a", "f1:b", "c"]);
  assertEquals(spans("\u001b[1;92mok\u001b[22m."), ["b f10:ok", "f10:."]);
  assertEquals(spans("\u001b[38;5;1mred\u001b[39m."), ["f1:red", "."]);
  assertEquals(spans("\u001b[38;2;1;2;3mtrue\u001b[mx"), ["truex"]);
  assertEquals(spans("\u001b[48;5;4mback\u001b[4munder"), ["back", "u:under"]);
  assertEquals(spans("\u001b[mplain"), ["plain"]);
});

Deno.test("a colour lasts into the next line", () => {
  const { look } = readAnsi("\u001b[33mwarn", plain);
  assertEquals(readAnsi("still", look).spans, [{
    text: "still",
    classes: "f3",
  }]);
});

Deno.test("what else a terminal would be told is left out, and its text kept", () => {
  assertEquals(
    spans("\u001b]8;;javascript:x\u0007link\u001b]8;;\u001b\\!"),
    ["link!"],
  );
  assertEquals(spans("\u001b]0;title\u0007text"), ["text"]);
  assertEquals(spans("\u001b[2J\u001b[1;1Hhome\u001b(B"), ["home"]);
  assertEquals(spans("\u001b]no end"), ["no end"]);
  assertEquals(spans("\u001b[31"), ["[31"]);
});

Deno.test("of a line that overwrites itself the last is shown", () => {
  assertEquals(spans("10 %\r50 %\r100 %\r"), ["100 %"]);
  assertEquals(spans("windows\r"), ["windows"]);
});

Deno.test("a long line of half escapes is read in the time of any other", () => {
  const begun = performance.now();
  readAnsi("\u001b]".repeat(20_000), plain);
  readAnsi("\u001b[".repeat(20_000), plain);
  const ms = performance.now() - begun;
  assertEquals(ms < 2_000, true, `${ms} ms`);
});
