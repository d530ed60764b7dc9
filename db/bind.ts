import type { SqlValue } from "../core/database.ts";

/** Whole numbers go in as integers: a JavaScript number would be bound as a real. */
export function bind(
  value: SqlValue,
): string | number | bigint | null | Uint8Array {
  return typeof value === "number" && Number.isInteger(value)
    ? BigInt(value)
    : value;
}
