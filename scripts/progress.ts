/** Shows on a terminal how far something is. */
export type Progress = Disposable & {
  /** Tells how many of all are done. Disposing of it wipes the bar. */
  show(done: number): void;
};

/** Where a bar is drawn: standard error, so that results may go into a pipe. */
export type Screen = {
  readonly isTerminal: boolean;
  /** The value of `TERM`. */
  readonly term: string | undefined;
  /** Characters in a line. */
  readonly columns: () => number;
  readonly write: (text: string) => void;
};

const eraseLine = "\r\x1b[K";

/**
 * A bar of one line that is drawn over itself, such as
 * `Reading [#####---------------] 25% 150/603`. It has no colours, and it is
 * left out where nobody could see it move.
 */
export function startProgress(
  label: string,
  total: number,
  screen: Screen,
): Progress {
  if (!screen.isTerminal || screen.term === "dumb" || total === 0) {
    return { show() {}, [Symbol.dispose]() {} };
  }
  let shown = "";
  return {
    show(done) {
      const line = progressLine(label, done, total, screen.columns());
      if (line !== shown) screen.write(`${eraseLine}${line}`);
      shown = line;
    },
    [Symbol.dispose]() {
      if (shown !== "") screen.write(eraseLine);
    },
  };
}

/** The bar as text that fits in a line of so many characters. */
export function progressLine(
  label: string,
  done: number,
  total: number,
  columns: number,
): string {
  const counts = ` ${Math.floor(100 * done / total)}% ${done}/${total}`;
  const width = Math.min(40, columns - label.length - counts.length - 4);
  if (width < 5) return `${label}${counts}`.slice(0, Math.max(0, columns - 1));
  const filled = Math.floor(width * done / total);
  return `${label} [${"#".repeat(filled)}${
    "-".repeat(width - filled)
  }]${counts}`;
}

/** This process's standard error. */
export function standardError(): Screen {
  const encoder = new TextEncoder();
  return {
    isTerminal: Deno.stderr.isTerminal(),
    term: Deno.env.get("TERM"),
    columns: () => {
      try {
        return Deno.consoleSize().columns;
      } catch {
        return 80;
      }
    },
    write: (text) => Deno.stderr.writeSync(encoder.encode(text)),
  };
}
