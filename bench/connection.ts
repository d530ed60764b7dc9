/** One request as it goes over the wire. */
export type Exchange = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** An answer: its status and how long its body was. The body is only valid until the next request. */
export type Answer = { readonly status: number; readonly body: Uint8Array };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** No answer has a longer head. */
const maxHeadBytes = 8 * 1024;

/**
 * One HTTP/1.1 connection that is kept open. `fetch` costs several times what a
 * bare server's answer does, and would hide what is to be measured; this asks
 * and reads, and expects answers that tell their length, as Slipway's do.
 */
export class Connection implements Disposable {
  readonly #connection: Deno.TcpConn;
  #buffer = new Uint8Array(64 * 1024);
  #filled = 0;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<Connection> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    return new Connection(connection);
  }

  /**
   * Sends a request and reads its whole answer.
   *
   * @throws Error when the answer does not tell its length, or the connection ends in it.
   */
  async ask(exchange: Exchange): Promise<Answer> {
    await this.#write(encode(exchange));
    this.#filled = 0;
    const head = await this.#readHead();
    const status = Number(head.slice(9, 12));
    const length = status === 204
      ? 0
      : Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (Number.isNaN(length)) {
      throw new Error(`Cannot read the answer: it has no length:\n${head}`);
    }
    const bodyStart = head.length;
    const end = bodyStart + length;
    while (this.#filled < end) await this.#read();
    return { status, body: this.#buffer.subarray(bodyStart, end) };
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let left = bytes; left.length > 0;) {
      left = left.subarray(await this.#connection.write(left));
    }
  }

  /** The head with its blank line; it is ASCII, so that its length is also its size. */
  async #readHead(): Promise<string> {
    while (this.#filled < maxHeadBytes) {
      await this.#read();
      const start = this.#buffer.subarray(
        0,
        Math.min(this.#filled, maxHeadBytes),
      );
      const text = decoder.decode(start);
      const at = text.indexOf("\r\n\r\n");
      if (at >= 0) return text.slice(0, at + 4);
    }
    throw new Error("Cannot read the answer: its head does not end");
  }

  async #read(): Promise<void> {
    if (this.#filled === this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    const size = await this.#connection.read(
      this.#buffer.subarray(this.#filled),
    );
    if (size === null) {
      throw new Error("Cannot read the answer: the connection was closed");
    }
    this.#filled += size;
  }
}

function encode({ method, path, headers, body = "" }: Exchange): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) =>
    `${name}: ${value}\r\n`
  );
  const length = method === "GET"
    ? ""
    : `content-length: ${encoder.encode(body).length}\r\n`;
  return encoder.encode(
    `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${
      lines.join("")
    }${length}\r\n${body}`,
  );
}
