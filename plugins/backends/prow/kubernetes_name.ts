/** The rules of Kubernetes for names that callers choose, with the texts of its `apimachinery` validation. */

const nameFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const name = new RegExp(`^${nameFormat}$`);
const subdomain =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const nameHelp =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${nameFormat}')`;

/** What is wrong with a label's value; empty when nothing is. */
export function labelValueFaults(value: string): string[] {
  const faults: string[] = [];
  if (utf8Length(value) > 63) faults.push("must be no more than 63 bytes");
  if (value !== "" && !name.test(value)) {
    faults.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
        "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', " +
        `regex used for validation is '(${nameFormat})?')`,
    );
  }
  return faults;
}

/** What is wrong with the key of a label or an annotation (`example.org/name`), or null. */
export function qualifiedNameFault(key: string): string | null {
  const parts = key.split("/");
  const own = parts.at(-1) ?? "";
  const prefix = parts.length > 1 ? parts.slice(0, -1).join("/") : null;
  if (prefix !== null && (prefix.length > 253 || !subdomain.test(prefix))) {
    return "the part before '/' must be a DNS subdomain of at most 253 bytes";
  }
  if (utf8Length(own) > 63) return "name part must be no more than 63 bytes";
  return name.test(own) ? null : `name part ${nameHelp}`;
}

/** What is wrong with the name of an environment variable, or null (Kubernetes 1.30 and later). */
export function envNameFault(key: string): string | null {
  if (/^[\x20-\x3c\x3e-\x7e]+$/.test(key)) return null;
  return "a valid environment variable name must consist only of printable ASCII characters other than '='";
}

function utf8Length(value: string): number {
  return new TextEncoder().encode(value).length;
}
