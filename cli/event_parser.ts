/** One server-sent event. */
export type ServerEvent = {
  /** The last id that was sent, with this event or before it. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
};

/** Reads a stream of server-sent events (WHATWG HTML, 9.2.6) that comes in pieces. */
export class EventParser {
  #rest = "";
  #id = "";
  #event = "";
  #data: string[] = [];

  /** The events that are whole now. */
  push(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): ServerEvent[] {
    if (line === "") return this.#dispatch();
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "data") this.#data.push(value);
    if (name === "event") this.#event = value;
    if (name === "id" && !value.includes("\0")) this.#id = value;
    return [];
  }

  #dispatch(): ServerEvent[] {
    const [data, event] = [this.#data, this.#event || "message"];
    this.#data = [];
    this.#event = "";
    return data.length === 0
      ? []
      : [{ id: this.#id, event, data: data.join("\n") }];
  }
}
