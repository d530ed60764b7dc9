import type { Screen } from "./screen.ts";
import { printable } from "./terminal_text.ts";

/** A list as it is printed: aligned below a heading for a person, with tabs and nothing else for a program. */
export type Table = {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Aligned columns; the last one is not filled up. */
export function alignedLines({ heading, rows }: Table): string[] {
  const all = [heading, ...rows].map((row) => row.map(printable));
  const widths = heading.map((_, column) =>
    Math.max(...all.map((row) => [...row[column] ?? ""].length))
  );
  return all.map((row) =>
    row.map((text, column) =>
      text + " ".repeat((widths[column] ?? 0) - [...text].length)
    ).join("  ").trimEnd()
  );
}

/** A line for each row, with tabs between its columns. */
export function tabbedLines(rows: Table["rows"]): string[] {
  return rows.map((row) => row.map(printable).join("\t"));
}

/** Prints a list as suits who reads it; `ofNothing` is said when it is empty. */
export function printTable(
  screen: Screen,
  forPerson: Table,
  forProgram: Table["rows"],
  ofNothing: string,
): void {
  if (forProgram.length === 0) return screen.tell(ofNothing);
  const lines = screen.isTerminal
    ? alignedLines(forPerson)
    : tabbedLines(forProgram);
  screen.print(lines.join("\n"));
}
