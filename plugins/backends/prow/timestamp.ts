/** A point in time as protobuf has it. */
export type Timestamp = {
  /** Of UTC, since the epoch. */
  readonly seconds: number;
  readonly nanos: number;
};

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * A protobuf Timestamp written as JSON: RFC 3339 with any offset, at most nine
 * digits of a second, between the years 1 and 9999 (wire rules 1.10). Null when
 * the text is no such time.
 */
export function parseTimestamp(text: string): Timestamp | null {
  const match = rfc3339.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7).map(Number);
  if (hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    return null;
  }
  const [fraction = "", sign = "+", offsetHours = "0", offsetMinutes = "0"] =
    match.slice(7);
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return null;
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  const minutes = hour * 60 + minute - (sign === "-" ? -offset : offset);
  const seconds = date.getTime() / 1000 + minutes * 60 + second;
  if (seconds < earliest || seconds > latest) return null;
  return { seconds, nanos: Number(fraction.slice(1).padEnd(9, "0")) };
}

const earliest = Date.parse("0001-01-01T00:00:00Z") / 1000;
const latest = Date.parse("9999-12-31T23:59:59Z") / 1000;
