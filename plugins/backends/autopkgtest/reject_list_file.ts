import { entryFault, entryText, type RejectEntry } from "./reject_entry.ts";

/** A line that cannot be used. */
export type LineFault = { readonly line: number; readonly reason: string };

/** What a file says: entries in its order, each once. */
export type RejectListFile = {
  readonly entries: readonly RejectEntry[];
  readonly faults: readonly LineFault[];
};

/**
 * Reads debci's file form (wire 1.8): `package [suite [arch [version]]]`, where
 * what is missing is `*`. Comments above an entry are its reason, blank lines
 * count for nothing. Of two entries for the same the later one counts.
 */
export function parseRejectList(text: string): RejectListFile {
  const entries = new Map<string, RejectEntry>();
  const faults: LineFault[] = [];
  let comments: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line.startsWith("#")) comments.push(line.replace(/^#+\s*/, ""));
    if (line === "" || line.startsWith("#")) continue;
    const entry = readEntry(line, comments.join("\n"));
    comments = [];
    if (typeof entry === "string") {
      faults.push({ line: index + 1, reason: entry });
    } else {
      entries.set(entryText(entry), entry);
    }
  }
  return { entries: [...entries.values()], faults };
}

function readEntry(line: string, reason: string): RejectEntry | string {
  const [name = "", suite = "*", arch = "*", version = "*", ...more] = line
    .split(/\s+/);
  if (more.length > 0) {
    return "expected package, suite, architecture and version, and nothing more";
  }
  const entry = { package: name, suite, arch, version, reason };
  return entryFault(entry) ?? entry;
}
