import { LineCleaner, printableLines } from "./terminal_text.ts";

/** Where results and remarks go. */
export type Screen = {
  /** Whether results are read by a person. */
  readonly isTerminal: boolean;
  /** Whether a line may be drawn over itself on standard error. */
  readonly isLive: boolean;
  readonly hasColours: boolean;
  columns(): number;
  /** Writes a result, which must be harmless. */
  print(text: string): void;
  /** Writes bytes as they are. */
  write(bytes: Uint8Array): void;
  /** Says something to the person, on standard error; it is made harmless. */
  tell(text: string): void;
  /** Shows one line below everything else, in place of the one before; null takes it away. */
  showStatus(line: string | null): void;
};

/** Streams that a screen is made of. */
export type Streams = {
  readonly out: { writeSync(bytes: Uint8Array): number; isTerminal(): boolean };
  readonly err: { writeSync(bytes: Uint8Array): number; isTerminal(): boolean };
  readonly columns: () => number;
};

const eraseLine = "\r\x1b[K";

/** A screen on this process's streams. `NO_COLOR` and `TERM=dumb` are heeded. */
export function createScreen(
  { out, err, columns }: Streams,
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const encoder = new TextEncoder();
  const isDumb = env.TERM === "dumb";
  const isLive = err.isTerminal() && !isDumb;
  let status = "";
  const draw = (text: string) => writeAll(err, encoder.encode(text));
  const beside = (write: () => void) => {
    if (status !== "") draw(eraseLine);
    write();
    if (status !== "") draw(status);
  };
  return {
    isTerminal: out.isTerminal(),
    isLive,
    hasColours: out.isTerminal() && !isDumb && !env.NO_COLOR,
    columns,
    print: (text) => beside(() => writeAll(out, encoder.encode(`${text}\n`))),
    write: (bytes) => beside(() => writeAll(out, bytes)),
    tell: (text) => beside(() => draw(`${printableLines(text)}\n`)),
    showStatus(line) {
      if (!isLive) return;
      const fitting = fit(line ?? "", columns() - 2);
      if (fitting === status) return;
      draw(`${eraseLine}${fitting}`);
      status = fitting;
    },
  };
}

/** As much of a line as there is room for; letters beyond ASCII may take two columns. */
function fit(line: string, columns: number): string {
  const letters = [...new LineCleaner({ colours: false }).clean(line)];
  let left = columns;
  const end = letters.findIndex((letter) =>
    (left -= letter > "\x7e" ? 2 : 1) < 0
  );
  return end < 0 ? letters.join("") : `${letters.slice(0, end).join("")}…`;
}

function writeAll(
  to: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  let rest = bytes;
  while (rest.byteLength > 0) rest = rest.subarray(to.writeSync(rest));
}
