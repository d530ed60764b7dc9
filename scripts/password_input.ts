const enter = /[\r\n]/;

/** Ctrl-C and Ctrl-D, which a terminal in raw mode hands over as characters. */
const interrupt = "\x03";
const endOfInput = "\x04";

/** More than any password that is accepted. */
const maxLength = 4096;

/**
 * Reads a password from standard input: the first line of a pipe, or what is
 * typed at a terminal, which then shows `prompt` on standard error but no letter.
 *
 * @throws Error when the person at the terminal gives up.
 */
export async function readPassword(prompt: string): Promise<string> {
  if (!Deno.stdin.isTerminal()) return firstLine(await readUntil(enter));
  const say = (text: string) =>
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  say(prompt);
  Deno.stdin.setRaw(true);
  try {
    const typed = await readUntil(
      RegExp(`${enter.source}|${interrupt}|${endOfInput}`),
    );
    if (typed.includes(interrupt)) {
      throw new Error("Cannot read the password: interrupted");
    }
    return applyBackspaces(firstLine(typed));
  } finally {
    Deno.stdin.setRaw(false);
    say("\n");
  }
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
  return text.split(RegExp(`${enter.source}|${endOfInput}`))[0] ?? "";
}

async function readUntil(stop: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1024);
  let text = "";
  while (!stop.test(text) && text.length <= maxLength) {
    const size = await Deno.stdin.read(chunk);
    if (size === null) break;
    text += decoder.decode(chunk.subarray(0, size), { stream: true });
  }
  return text;
}
