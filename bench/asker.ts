import { Connection, type Exchange } from "./connection.ts";
import type { HotPath } from "./hot_path.ts";
import type { Target } from "./target.ts";

/** Asks over a number of kept connections, on each one request at a time. */
export class Asker implements Disposable {
  readonly #connections: readonly Connection[];

  private constructor(connections: readonly Connection[]) {
    this.#connections = connections;
  }

  static async open(port: number, connections: number): Promise<Asker> {
    return new Asker(
      await Promise.all(
        Array.from({ length: connections }, () => Connection.open(port)),
      ),
    );
  }

  /**
   * Sends one request over every connection at once; returns the size of a body.
   *
   * @throws Error when an answer has another status.
   */
  async ask({ exchange, status, name }: HotPath): Promise<number> {
    const sizes = await Promise.all(
      this.#connections.map(async (connection) => {
        const answer = await connection.ask(exchange());
        if (answer.status === status) return answer.body.length;
        const text = new TextDecoder().decode(answer.body);
        throw new Error(
          `Cannot measure ${name}: the answer is ${answer.status} ${text}`,
        );
      }),
    );
    return sizes[0] ?? 0;
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection[Symbol.dispose]();
  }
}

/** The same request to a bare server, whose answer is as long as the path's own. */
export async function floorOf(
  path: HotPath,
  target: Target,
): Promise<HotPath> {
  using asker = await Asker.open(target.port, 1);
  const size = await asker.ask(path);
  const exchange = (): Exchange => ({ ...path.exchange(), path: `/${size}` });
  return { name: `${path.name}, floor`, status: 200, exchange };
}
