import { type Row, sql } from "../../../../core/database.ts";

/** What of a request lists show beside package and place. */
export type Parameters = {
  readonly trigger: string | null;
  /** One a suite: `src:foo, bar from testing`. */
  readonly pins: readonly string[];
};

/** Of what may be large only the beginning is read. */
const maxCharacters = 300;
const maxPinCharacters = 4_000;

/** Columns of `request`. */
export const parametersOf = sql`
  substr(request ->> '$.trigger', 1, ${maxCharacters + 1}) as shown_trigger,
  iif(length(request -> '$.pin_packages') > ${maxPinCharacters}, null, request -> '$.pin_packages') as shown_pins`;

/** The parameters of a row that has `parametersOf`. */
export function toParameters(row: Row): Parameters {
  const trigger = typeof row.shown_trigger === "string"
    ? shorten(row.shown_trigger)
    : "";
  return {
    trigger: trigger === "" ? null : trigger,
    pins: typeof row.shown_pins === "string"
      ? readPins(JSON.parse(row.shown_pins))
      : [],
  };
}

/** The beginning of a long text. */
export function shorten(text: string): string {
  return text.length > maxCharacters
    ? `${text.slice(0, maxCharacters)}…`
    : text;
}

/** Each list names packages and, last, the suite that they come from. */
function readPins(pins: unknown): string[] {
  if (!Array.isArray(pins)) return [];
  return pins.flatMap((list) => {
    const words = [list].flat().map(String);
    const packages = words.slice(0, -1).join(", ");
    return [shorten(`${packages} from ${words.at(-1) ?? ""}`)];
  });
}
