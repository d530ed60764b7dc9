import { exitStatus } from "./exit_status.ts";
import { Failure, Interrupted } from "./failure.ts";

/** What a person types, or a pipe brings. */
export type Input = {
  readonly isTerminal: boolean;
  /** The first line; at a terminal after a prompt. */
  readLine(prompt: string): Promise<string>;
  /** The first line; at a terminal after a prompt, and what is typed is not shown. */
  readSecret(prompt: string): Promise<string>;
};

/** What input is read from. */
export type InputStream = {
  read(bytes: Uint8Array): Promise<number | null>;
  isTerminal(): boolean;
  setRaw(isRaw: boolean): void;
};

const enter = /[\r\n]/;

/** Ctrl-C and Ctrl-D, which a terminal in raw mode hands over as characters. */
const interrupt = "\x03";
const endOfInput = "\x04";

/** More than any credential has. */
const maxLength = 8192;

/** Input from this process's standard input; `say` writes prompts, and Ctrl-C ends the waiting. */
export function createInput(
  stream: InputStream,
  say: (text: string) => void,
  ctrlC: AbortSignal,
): Input {
  const isTerminal = stream.isTerminal();
  return {
    isTerminal,
    async readLine(prompt) {
      if (isTerminal) say(prompt);
      const { promise, reject } = Promise.withResolvers<never>();
      ctrlC.addEventListener("abort", () => reject(new Interrupted()));
      const typed = readUntil(stream, enter);
      return firstLine(await Promise.race([typed, promise]));
    },
    async readSecret(prompt) {
      if (!isTerminal) return firstLine(await readUntil(stream, enter));
      // Before the prompt: what is pasted at once would be shown otherwise.
      stream.setRaw(true);
      try {
        say(prompt);
        const typed = await readUntil(
          stream,
          RegExp(`${enter.source}|${interrupt}|${endOfInput}`),
        );
        if (typed.includes(interrupt)) throw new Interrupted();
        return applyBackspaces(firstLine(typed));
      } finally {
        stream.setRaw(false);
        say("\n");
      }
    },
  };
}

/** What is left of typed text after its backspaces. */
export function applyBackspaces(typed: string): string {
  const kept: string[] = [];
  for (const letter of typed) {
    if (letter === "\x7f" || letter === "\b") kept.pop();
    else kept.push(letter);
  }
  return kept.join("");
}

function firstLine(text: string): string {
  return text.split(RegExp(`${enter.source}|${endOfInput}`))[0]?.trim() ?? "";
}

async function readUntil(stream: InputStream, stop: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1024);
  let text = "";
  while (!stop.test(text)) {
    const size = await stream.read(chunk);
    if (size === null) break;
    text += decoder.decode(chunk.subarray(0, size), { stream: true });
    if (text.length > maxLength) {
      throw new Failure(
        "Cannot read standard input: its first line is longer than any credential",
        exitStatus.usage,
      );
    }
  }
  return text;
}
