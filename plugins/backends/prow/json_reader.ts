import { ApiError } from "../../../core/error.ts";

/** A JSON value that keeps what `JSON.parse` loses: every member of an object, repeated names included. */
export type JsonNode =
  | string
  | number
  | boolean
  | null
  | readonly JsonNode[]
  | JsonMembers;

/** The members of an object in the order of the text. */
export type JsonMembers = {
  readonly members: readonly (readonly [name: string, value: JsonNode])[];
};

/** Deeper nesting is refused; no message of the dialect needs more than four levels. */
const maxDepth = 100;

const blank = /[ \t\r\n]*/y;
const word = /[-+.\w]+/y;

/**
 * Reads a JSON text (RFC 8259). An empty text is an empty object, as the
 * transcoder in front of Gangway has it (wire rules 1.10, `no body at all`).
 *
 * @throws ApiError `invalid` that names the place in the text.
 */
export function readJson(text: string): JsonNode {
  if (text.trim() === "") return { members: [] };
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

/** Takes the structure apart by hand and leaves strings, numbers and words to `JSON.parse`. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    if (depth > maxDepth) {
      throw this.#fault(`is nested more than ${maxDepth} levels deep`);
    }
    switch (this.#next()) {
      case "{":
        return { members: this.#list("}", () => this.#member(depth)) };
      case "[":
        return this.#list("]", () => this.value(depth + 1));
      case '"':
        return this.#string();
      default:
        return this.#word();
    }
  }

  end(): void {
    if (this.#next() !== "") throw this.#fault("goes on after its value");
  }

  /** The next character that is not blank; empty at the end of the text. */
  #next(): string {
    blank.lastIndex = this.#at;
    blank.test(this.#text);
    this.#at = blank.lastIndex;
    return this.#text.charAt(this.#at);
  }

  #list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    this.#at++;
    if (this.#next() !== close) {
      items.push(item());
      while (this.#next() === ",") {
        this.#at++;
        items.push(item());
      }
      if (this.#next() !== close) throw this.#fault(`lacks "," or "${close}"`);
    }
    this.#at++;
    return items;
  }

  #member(depth: number): readonly [string, JsonNode] {
    if (this.#next() !== '"') throw this.#fault("lacks a name in quotes");
    const name = this.#string();
    if (this.#next() !== ":") throw this.#fault('lacks ":" after a name');
    this.#at++;
    return [name, this.value(depth + 1)];
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    for (; this.#text[end] !== '"'; end++) {
      if (end >= this.#text.length) throw this.#fault("lacks a closing quote");
      if (this.#text[end] === "\\") end++;
    }
    const value = this.#parse(start, end + 1);
    if (typeof value !== "string") throw this.#fault("lacks a string");
    return value;
  }

  #word(): JsonNode {
    word.lastIndex = this.#at;
    if (!word.test(this.#text)) throw this.#fault("is not valid JSON");
    return this.#parse(this.#at, word.lastIndex);
  }

  /** Only ever sees one string or word, so no object comes out of it. */
  #parse(start: number, end: number): string | number | boolean | null {
    try {
      const value = JSON.parse(this.#text.slice(start, end));
      this.#at = end;
      return value;
    } catch {
      throw this.#fault("is not valid JSON");
    }
  }

  #fault(problem: string): ApiError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    const column = this.#at - before.lastIndexOf("\n");
    return new ApiError(
      "invalid",
      `Cannot read the body: the JSON ${problem} at line ${line}, column ${column}`,
    );
  }
}
