import { Buffer } from "node:buffer";

/** What stands in the place of a secret; it tells nothing of its length. */
const cover = "XXX";

/** Shorter values would hit much that is no secret. */
export const minSecretLength = 4;

/**
 * Takes secrets out of a stream of bytes, also those that come in pieces, and
 * their base64 forms. The end of a chunk that might be the beginning of a
 * secret is held back until the next one, or `flush`.
 */
export class Mask {
  readonly #secrets: readonly string[];
  readonly #pattern: RegExp | null;
  readonly #beginnings: ReadonlySet<string>;
  #held = "";

  constructor(values: readonly string[]) {
    // Bytes are handled as the characters of the same number, so any encoding is left as it is.
    this.#secrets = [...new Set(values.flatMap(forms))]
      .sort((a, b) => b.length - a.length);
    this.#beginnings = new Set(this.#secrets.map(([first = ""]) => first));
    this.#pattern = this.#secrets.length > 0
      ? new RegExp(this.#secrets.map(RegExp.escape).join("|"), "g")
      : null;
  }

  /** Whether there is anything to mask. */
  get isEmpty(): boolean {
    return this.#pattern === null;
  }

  /** What of the stream can be told so far. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#pattern === null) return chunk;
    const text = this.#held + latin1(chunk);
    const { shown, end } = this.#cover(text, this.#heldFrom(text));
    this.#held = text.slice(end);
    return Buffer.from(shown, "latin1");
  }

  /** The rest, when the stream has ended. */
  flush(): Uint8Array {
    const { shown } = this.#cover(this.#held, this.#held.length);
    this.#held = "";
    return Buffer.from(shown, "latin1");
  }

  /** Masks a text that is whole. */
  text(text: string): string {
    if (this.#pattern === null) return text;
    const bytes = latin1(Buffer.from(text));
    const { shown } = this.#cover(bytes, bytes.length);
    return Buffer.from(shown, "latin1").toString();
  }

  /** Covers every secret that begins before `limit`; `end` is how far that reaches. */
  #cover(text: string, limit: number): { shown: string; end: number } {
    let shown = "";
    let from = 0;
    for (const match of text.matchAll(this.#pattern ?? /$^/g)) {
      if (match.index >= limit) break;
      shown += text.slice(from, match.index) + cover;
      from = match.index + match[0].length;
    }
    const end = Math.max(from, limit);
    return { shown: shown + text.slice(from, end), end };
  }

  /** Where the longest end begins that a secret begins with. */
  #heldFrom(text: string): number {
    const longest = this.#secrets[0]?.length ?? 0;
    const earliest = Math.max(0, text.length - longest + 1);
    for (let from = earliest; from < text.length; from++) {
      if (!this.#beginnings.has(text.charAt(from))) continue;
      const end = text.slice(from);
      if (
        this.#secrets.some((secret) =>
          secret.length > end.length && secret.startsWith(end)
        )
      ) return from;
    }
    return text.length;
  }
}

/**
 * How a secret may show: as it is, in base64, and within the base64 of a
 * longer text, where it begins at any of three places in a group.
 */
function forms(value: string): string[] {
  const secret = value.trim();
  if (secret.length < minSecretLength) return [];
  const bytes = Buffer.from(secret);
  const within = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64").replace(/=+$/, "");
    // The first and last characters hold bits of the neighbours too.
    const start = Math.ceil(before * 8 / 6);
    const whole = Math.floor((before + bytes.length) * 8 / 6);
    return encoded.slice(start, whole);
  });
  const base64 = [bytes.toString("base64"), ...within]
    .filter((form) => form.length >= minSecretLength);
  const urlSafe = base64.map((form) =>
    form.replaceAll("+", "-").replaceAll("/", "_")
  );
  return [latin1(bytes), ...base64, ...urlSafe];
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("latin1");
}
