import { assertEquals } from "@std/assert";
import { progressLine, type Screen, startProgress } from "./progress.ts";

function screen(changes: Partial<Screen> = {}) {
  const written: string[] = [];
  const whole: Screen = {
    isTerminal: true,
    term: "xterm",
    columns: () => 60,
    write: (text) => written.push(text),
    ...changes,
  };
  return { written, screen: whole };
}

Deno.test("a progress bar is drawn over itself and wiped at the end", () => {
  const { written, screen: terminal } = screen();
  {
    using progress = startProgress("Reading", 4, terminal);
    progress.show(1);
    progress.show(1);
    progress.show(4);
  }
  const erase = "\r\x1b[K";
  assertEquals(written, [
    `${erase}Reading [##########------------------------------] 25% 1/4`,
    `${erase}Reading [########################################] 100% 4/4`,
    erase,
  ]);
});

Deno.test("a progress bar has no colours", () => {
  assertEquals(progressLine("Reading", 1, 2, 80).includes("\x1b"), false);
});

for (
  const [where, changes] of [
    ["in a pipe", { isTerminal: false }],
    ["on a dumb terminal", { term: "dumb" }],
  ] as const
) {
  Deno.test(`${where} there is no progress bar`, () => {
    const { written, screen: other } = screen(changes);
    {
      using progress = startProgress("Reading", 4, other);
      progress.show(2);
    }
    assertEquals(written, []);
  });
}

Deno.test("a progress bar fits into its line, however narrow it is", () => {
  for (const columns of [0, 5, 20, 25, 80, 300]) {
    for (const done of [0, 250, 603]) {
      const { length } = progressLine("Reading", done, 603, columns);
      assertEquals(
        length < Math.max(1, columns),
        true,
        `${columns}: ${length}`,
      );
    }
  }
});
