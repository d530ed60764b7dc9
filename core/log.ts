import type { Json } from "./json.ts";

/** Where a component reports what operators need to know. Fields never hold credentials. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: Record<string, Json>,
) => void;

/** A log that drops everything, for tests. */
export const silentLog: Log = () => {};
