import ignore, { type Ignore } from "ignore";

/** The rules that hold in a folder: those of its own file first, then of the folders around it. */
export type IgnoreRules = readonly {
  /** Where the file with the rules is; paths that are judged begin with it. */
  readonly folder: string;
  readonly rules: Ignore;
}[];

/** Adds what the file of a folder says, in the form of `.gitignore`. */
export function addRules(
  outer: IgnoreRules,
  folder: string,
  text: string,
): IgnoreRules {
  return [{ folder, rules: ignore().add(text) }, ...outer];
}

/** Whether a file, or a folder with all that is in it, is left out. The nearest rule that fits decides. */
export function isIgnored(
  inner: IgnoreRules,
  path: string,
  isFolder: boolean,
): boolean {
  for (const { folder, rules } of inner) {
    const local = path.slice(folder.length + 1) + (isFolder ? "/" : "");
    const { ignored, unignored } = rules.test(local);
    if (ignored || unignored) return ignored;
  }
  return false;
}
