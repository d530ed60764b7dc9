import type { Json } from "./json.ts";

/** Where a component reports what operators need to know. Fields never hold credentials. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: Readonly<Record<string, Json>>,
) => void;

/** A log that drops everything, for tests. */
export const silentLog: Log = () => {};

/** A log of one JSON object a line. */
export function jsonLog(now: () => number, write: (line: string) => void): Log {
  return (level, message, fields = {}) =>
    write(
      JSON.stringify({
        time: new Date(now()).toISOString(),
        level,
        message,
        ...fields,
      }),
    );
}
