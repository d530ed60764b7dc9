import { sql } from "../core/database.ts";
import type { DebciRig } from "./debci.ts";

/** Writes a log of so many bytes; the number of its lines. */
export async function fillLog(
  { app }: DebciRig,
  number: number,
  bytes: number,
): Promise<number> {
  let [line, start] = [0, 0];
  while (start < bytes) {
    let text = "";
    while (text.length < 1_000_000) {
      text += `line ${++line} ${"x".repeat(line % 160)}\n`;
    }
    const chunk = new TextEncoder().encode(text);
    await app.database.batch([
      sql`insert into log_chunk (run, attempt, start, bytes)
        select number, attempt, ${start}, ${chunk} from run where number = ${number}`,
    ]);
    start += chunk.length;
  }
  await app.database.batch([
    sql`update run set log_bytes = ${start} where number = ${number}`,
  ]);
  return line;
}
