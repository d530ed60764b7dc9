import type { Database } from "../../../core/database.ts";
import type { Json } from "../../../core/json.ts";
import { type PackagePage, type Place, readPackages } from "./history.ts";
import { htmlSafe } from "./reply.ts";
import { toTestResult } from "./test_result.ts";

/** Packages read at a time. */
const pageSize = 500;

/** JSON as debci writes it into files, with the escapes of its answers. */
export function prettyJson(value: Json): string {
  return htmlSafe(JSON.stringify(value, null, 2));
}

/** packages.json, piece by piece: the newest public test without pins of each package, by name (debci 91). */
export async function* writePackages(
  database: Database,
  place: Place,
): AsyncGenerator<string> {
  let separator = "[\n";
  for (let after: string | null = ""; after !== null;) {
    const page: PackagePage = await readPackages(
      database,
      place,
      after,
      pageSize,
    );
    after = page.next;
    if (page.tests.length === 0) continue;
    const results = page.tests.map(({ test, finding }) =>
      toTestResult(test, finding)
    );
    // Between the brackets of the page's own list.
    yield separator + prettyJson(results).slice("[\n".length, -"\n]".length);
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]" : "\n]";
}
