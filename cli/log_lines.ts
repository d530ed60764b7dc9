/** A line that is longer comes in several. */
const maxLength = 64 * 1024;

/** Cuts a log that comes in pieces into lines. A lone carriage return ends one too, so that nothing is written over. */
export class LogLines {
  #rest = "";

  /** The lines that are whole now. */
  push(text: string): string[] {
    const parts = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = parts.pop() ?? "";
    while (this.#rest.length > maxLength) {
      parts.push(this.#rest.slice(0, maxLength));
      this.#rest = this.#rest.slice(maxLength);
    }
    return parts;
  }

  /** What is left at the end of the log. */
  end(): string[] {
    const rest = this.#rest.replace(/\r$/, "");
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }
}
