import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./failure.ts";
import { readTime } from "./time_text.ts";

const now = Date.UTC(2026, 0, 31, 12);

Deno.test("a time is an age, a day or a moment", () => {
  const since = (text: string) => readTime("since", text, now);
  assertEquals(since("30m"), "2026-01-31T11:30:00.000Z");
  assertEquals(since("7d"), "2026-01-24T12:00:00.000Z");
  assertEquals(since("2026-01-31"), "2026-01-31T00:00:00.000Z");
  assertEquals(since("2026-01-31T12:00"), "2026-01-31T12:00:00.000Z");
  assertEquals(since("2026-01-31T12:00:05+02:00"), "2026-01-31T10:00:05.000Z");
  assertEquals(
    readTime("until", "2026-01-31", now),
    "2026-02-01T00:00:00.000Z",
  );
});

Deno.test("what is no time is told, with what one is", () => {
  for (
    const text of [
      "soon",
      "7",
      "7y",
      "2026-02-30",
      "2026-13-01",
      "2026-01-31 12:00",
      "999999w",
      "1969-01-01",
    ]
  ) {
    assertThrows(
      () => readTime("since", text, now),
      UsageError,
      "--since takes an age such as",
    );
  }
});
