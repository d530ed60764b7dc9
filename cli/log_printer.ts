import { LogLines } from "./log_lines.ts";
import type { Screen } from "./screen.ts";
import { LineCleaner } from "./terminal_text.ts";

/** Prints a log as it comes: whole lines that cannot steer the terminal, or, raw, everything as it is. */
export class LogPrinter {
  readonly #screen: Screen;
  readonly #isRaw: boolean;
  readonly #cleaner: LineCleaner;
  readonly #lines = new LogLines();

  constructor(screen: Screen, { isRaw }: { readonly isRaw: boolean }) {
    this.#screen = screen;
    this.#isRaw = isRaw;
    this.#cleaner = new LineCleaner({ colours: screen.hasColours });
  }

  push(text: string): void {
    if (this.#isRaw) return this.#screen.write(new TextEncoder().encode(text));
    this.#print(this.#lines.push(text));
  }

  /** Prints what is left of an unfinished line. */
  end(): void {
    this.#print(this.#lines.end());
  }

  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const cleaned = lines.map((line) => this.#cleaner.clean(line));
    this.#screen.print(cleaned.join("\n"));
  }
}
