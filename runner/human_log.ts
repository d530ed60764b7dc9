import type { Log } from "../core/log.ts";

const encoder = new TextEncoder();

/** A log for people: one short line each, `12:03:44 message`, with a mark when something is wrong. */
export function humanLog(
  write: (bytes: Uint8Array) => unknown,
  now: () => number,
): Log {
  return (level, message) => {
    const time = new Date(now()).toISOString().slice(11, 19);
    const mark = level === "info" ? "" : `${level}: `;
    write(encoder.encode(`${time} runner: ${mark}${message}\n`));
  };
}
