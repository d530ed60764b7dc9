import { startGangway } from "./gangway.ts";
import type { TestApp } from "./app.ts";

/** One line of the compatibility checklist: its number, what holds, and how that is seen on an app of its own. */
export type Line = readonly [
  number: number,
  guarantee: string,
  check: (app: TestApp) => Promise<void>,
];

/** Registers one test a line, named `gangway NN: …`. */
export function checkLines(lines: readonly Line[]): void {
  for (const [number, guarantee, check] of lines) {
    Deno.test(`gangway ${number}: ${guarantee}`, async () => {
      await using app = await startGangway();
      await check(app);
    });
  }
}
