import type { Logs } from "../core/artifact.ts";
import type { Run } from "../core/run.ts";

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/** A run's log from byte `start` to before `end`, read as it is sent: few of its bytes are in memory together. */
export function logStream(
  logs: Logs,
  run: Run,
  start = 0,
  end: number = run.logBytes,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start;
  return new ReadableStream({
    async pull(controller) {
      const upTo = Math.min(at + pieceBytes, end);
      if (upTo > at) controller.enqueue(await logs.read(run, at, upTo));
      at = upTo;
      if (at >= end) controller.close();
    },
  });
}
