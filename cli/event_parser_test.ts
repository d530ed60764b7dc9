import { assertEquals } from "@std/assert";
import { EventParser } from "./event_parser.ts";

const stream =
  `: still here\n\nid: 1.queued.0\nevent: state\ndata: {"a":1}\n\nid: 1.running.5\r\nevent: log\r\ndata: one\r\ndata:  two\r\n\r\nevent: log\ndata\n\nevent: none\n\n`;

const events = [
  { id: "1.queued.0", event: "state", data: '{"a":1}' },
  { id: "1.running.5", event: "log", data: "one\n two" },
  { id: "1.running.5", event: "log", data: "" },
];

Deno.test("server-sent events are the same however the stream is cut", () => {
  assertEquals(new EventParser().push(stream), events);
  for (const size of [1, 2, 3, 7]) {
    const parser = new EventParser();
    const pieces = stream.match(RegExp(`[^]{1,${size}}`, "g")) ?? [];
    assertEquals(pieces.flatMap((piece) => parser.push(piece)), events);
  }
});

Deno.test("an event that is not whole is not told", () => {
  assertEquals(new EventParser().push("event: log\ndata: x\n"), []);
});
