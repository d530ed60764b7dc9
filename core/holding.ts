import type { Holding } from "./administration.ts";
import type { Row } from "./database.ts";

/** A row with `count`, and `used_at` where uses are recorded, as what an account holds. */
export function toHolding(noun: string, row: Row | undefined): Holding {
  const usedAt = row?.used_at ?? null;
  return {
    noun,
    count: Number(row?.count ?? 0),
    usedAt: usedAt === null ? null : Number(usedAt),
  };
}
