/** What is wrong with one test of several. */
export type ItemFault =
  | { readonly kind: "package" }
  | { readonly kind: "is_private" }
  | { readonly kind: "trigger" }
  /** Names of sources that there are not for the caller; null when it is no list of names. */
  | { readonly kind: "sources"; readonly names: readonly string[] | null }
  | { readonly kind: "pins"; readonly why: string };

const plainText = "expected a text of at most 100000 characters, without NUL";
const listOfNames = 'expected a list of names, such as ["NAME"]';

/**
 * A fault in debci's words for `POST /api/v1/test/{suite}/{arch}` (wire 1.5).
 * Those have no place for an index; the texts that debci does not know have one.
 */
export function faultText(
  fault: ItemFault,
  name: string,
  index: number,
): string {
  const what = "Invalid value for";
  switch (fault.kind) {
    case "package":
      return `Invalid package name: ${name}`;
    case "is_private":
      return `${what} bool parameter is_private for package: ${name}`;
    case "trigger":
      return `${what} trigger for package: ${name} at test index ${index}: ${plainText}`;
    case "sources":
      return fault.names === null
        ? `${what} extra_apt_sources at test index ${index}: ${listOfNames}`
        : `${what} extra_apt_sources: ${fault.names.join(", ")}`;
    case "pins":
      return `${what} pin-packages for package: ${name} at test index ${index}: ${fault.why}`;
    default:
      return fault satisfies never;
  }
}

/** A fault in debci's words for `POST /api/v1/test/batch` (wire 1.10); `place` says where. */
export function batchFaultText(fault: ItemFault, place: string): string {
  switch (fault.kind) {
    case "package":
      return `Invalid package name at ${place}`;
    case "is_private":
      return `Invalid value for bool parameter is_private at ${place}`;
    case "trigger":
      return `Invalid value for trigger at ${place}: ${plainText}`;
    case "sources":
      return fault.names === null
        ? `Invalid extra apt sources at ${place}: ${listOfNames}`
        : `Invalid extra apt sources at ${place}`;
    case "pins":
      return `Invalid value for pin-packages at ${place}: ${fault.why}`;
    default:
      return fault satisfies never;
  }
}
