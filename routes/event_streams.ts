import { ApiError } from "../core/error.ts";
import { type Principal, principalId } from "../core/principal.ts";

/** Most event streams that one principal may have open on this server. */
const maxOpen = 100;

/** How often a stream looks whether its reader may still read. A ping every 15 s gives it the opportunity. */
const lookEveryMs = 60_000;

/** The last thing that a reader hears whose credential was taken back; a comment, which clients skip. */
const farewell = ": this credential no longer holds\n\n";

/** The event streams that are open on this server: so many a principal, and none for longer than its credential holds. */
export class EventStreams {
  readonly #now: () => number;
  readonly #open = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Watches over an answer that streams events. `authenticate` finds out anew
   * who asks, long after the request was taken: a stream ends when that is
   * nobody any more, or somebody who may do less.
   *
   * @throws ApiError `rate_limited` when the principal has too many open; the answer is cancelled then.
   */
  async watch(
    response: Response,
    principal: Principal,
    authenticate: () => Promise<Principal>,
  ): Promise<Response> {
    const key = principalId(principal);
    const open = this.#open.get(key) ?? 0;
    if (open >= maxOpen) {
      await response.body?.cancel();
      throw new ApiError(
        "rate_limited",
        `Cannot follow: ${maxOpen} event streams of this account are open already; close some, or ask with ?wait`,
        { headers: { "retry-after": "10" } },
      );
    }
    if (response.body === null) return response;
    this.#open.set(key, open + 1);
    const body = this.#watched(
      response.body,
      () => holds(principal, authenticate),
      () => this.#release(key),
    );
    return new Response(body, response);
  }

  #watched(
    source: ReadableStream<Uint8Array<ArrayBuffer>>,
    holds: () => Promise<boolean>,
    release: () => void,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = source.getReader();
    let isOpen = true;
    let lookAt = this.#now() + lookEveryMs;
    const leave = () => {
      if (isOpen) release();
      isOpen = false;
    };
    const next = async () => {
      const { value } = await reader.read();
      if (value === undefined || this.#now() < lookAt) return value;
      lookAt = this.#now() + lookEveryMs;
      return await holds() ? value : null;
    };
    return new ReadableStream({
      async pull(controller) {
        try {
          const value = await next();
          if (!isOpen) return;
          if (value) return controller.enqueue(value);
          if (value === null) {
            controller.enqueue(new TextEncoder().encode(farewell));
            await reader.cancel();
          }
          controller.close();
          leave();
        } catch (error) {
          leave();
          await reader.cancel().catch(() => {});
          throw error;
        }
      },
      async cancel() {
        leave();
        await reader.cancel();
      },
    }, { highWaterMark: 0 });
  }

  #release(key: string): void {
    const left = (this.#open.get(key) ?? 0) - 1;
    if (left > 0) this.#open.set(key, left);
    else this.#open.delete(key);
  }
}

async function holds(
  before: Principal,
  authenticate: () => Promise<Principal>,
): Promise<boolean> {
  try {
    const { account, permissions, limits } = await authenticate();
    const limitsBefore = before.limits.map((limit) => JSON.stringify(limit));
    return account === before.account &&
      before.permissions.every((each) => permissions.includes(each)) &&
      limits.every((limit) => limitsBefore.includes(JSON.stringify(limit)));
  } catch (error) {
    if (error instanceof ApiError && error.code !== "unavailable") return false;
    throw error;
  }
}
