import type { RunEvent } from "../core/run_event.ts";
import { isEnd, isLive, type Run } from "../core/run.ts";
import type { Store } from "../db/store.ts";
import { Bell } from "./bell.ts";

/** How often a follower looks by itself: a run may have changed through another server. */
const pollMs = 500;

/** Most log bytes in one event. */
const chunkBytes = 64 * 1024;

/** Follows runs: waits for a change, or tells every one. */
export class Follower {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #reap: () => Promise<void>;
  readonly #bell = new Bell<string>();
  #isClosed = false;

  /** `reap` takes runs back from silent runners: also those are changes, for which nobody else may look. */
  constructor(store: Store, now: () => number, reap: () => Promise<void>) {
    this.#store = store;
    this.#now = now;
    this.#reap = reap;
  }

  /** A run has changed, or its log has grown. */
  changed(id: string): void {
    this.#bell.ring((followed) => followed === id);
  }

  /** Ends all waiting, so that the server can stop. */
  close(): void {
    this.#isClosed = true;
    this.#bell.ring(() => true);
  }

  /** The run once its state is another, or it has ended, or after the time. */
  async waitForChange(
    run: Run,
    waitMs: number,
    gone: AbortSignal,
  ): Promise<Run> {
    const deadline = this.#now() + waitMs;
    for (let seen = run;;) {
      await this.#reap();
      using listening = this.#bell.listen(run.id);
      seen = await this.#store.runs.find(run.id) ?? seen;
      const leftMs = deadline - this.#now();
      if (
        seen.state !== run.state || isEnd(seen.state) || leftMs <= 0 ||
        gone.aborted || this.#isClosed
      ) return seen;
      await listening.wait(Math.min(leftMs, pollMs), gone);
    }
  }

  /**
   * Every change of a run's state and all of its log, until it ends. Goes on
   * after the event that `lastEventId` names.
   */
  async *events(
    run: Run,
    lastEventId: string | undefined,
    gone: AbortSignal,
  ): AsyncGenerator<RunEvent> {
    let at = readPosition(lastEventId);
    while (!gone.aborted && !this.#isClosed) {
      await this.#reap();
      using listening = this.#bell.listen(run.id);
      const seen = await this.#store.runs.find(run.id) ?? run;
      if (seen.attempt !== at.attempt) {
        at = { attempt: seen.attempt, state: "", logBytes: 0 };
      }
      while (at.logBytes < seen.logBytes && !gone.aborted) {
        const end = Math.min(seen.logBytes, at.logBytes + chunkBytes);
        const bytes = wholeCharacters(
          await this.#store.logs.read(seen, at.logBytes, end),
          end < seen.logBytes || !isLive(seen.state),
        );
        if (bytes.byteLength === 0) break;
        at = { ...at, logBytes: at.logBytes + bytes.byteLength };
        yield {
          kind: "log",
          id: writePosition(at),
          text: new TextDecoder().decode(bytes),
        };
      }
      // An end comes after the whole log.
      if (seen.state !== at.state) {
        at = { ...at, state: seen.state };
        yield { kind: "state", id: writePosition(at), run: seen };
      }
      if (isEnd(seen.state)) return;
      await listening.wait(pollMs, gone);
    }
  }
}

type Position = {
  readonly attempt: number;
  readonly state: string;
  readonly logBytes: number;
};

function writePosition({ attempt, state, logBytes }: Position): string {
  return `${attempt}.${state}.${logBytes}`;
}

function readPosition(id: string | undefined): Position {
  const match = /^(\d{1,9})\.([a-z]*)\.(\d{1,15})$/.exec(id ?? "");
  return {
    attempt: Number(match?.[1] ?? -1),
    state: match?.[2] ?? "",
    logBytes: Number(match?.[3] ?? 0),
  };
}

/** Leaves a character that is cut in two at the end for the next event, unless nothing will follow. */
function wholeCharacters(
  bytes: Uint8Array<ArrayBuffer>,
  isCertain: boolean,
): Uint8Array<ArrayBuffer> {
  for (let back = 1; back <= Math.min(3, bytes.byteLength); back++) {
    const byte = bytes[bytes.byteLength - back] ?? 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      const isCut = needed > back;
      return isCut && (bytes.byteLength > back || !isCertain)
        ? bytes.subarray(0, bytes.byteLength - back)
        : bytes;
    }
    if (byte < 0x80) break;
  }
  return bytes;
}
