import type { JobDefinition } from "../job.ts";

/** Longest command that is shown. */
const maxLength = 4_000;

/** What a job's first container runs, quoted as for a shell; empty when its image says it. */
export function commandText({ spec }: JobDefinition): string {
  const { command = [], args = [] } = spec?.containers[0] ?? {};
  const text = [...command, ...args].map(quoted).join(" ");
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./$()-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Where a repository is looked at: where it is cloned from, when that is over the
 * web, else its own address (Gerrit's orgs are URLs), else Prow's default,
 * GitHub. Null when the names are none that there can be.
 */
export function repositoryHref(
  orgRepo: string,
  cloneUri: string,
): string | null {
  if (/^https:\/\//.test(cloneUri)) return cloneUri.replace(/\.git$/, "");
  if (/^https?:\/\//.test(orgRepo)) return orgRepo;
  return /^[\w.-]+\/[\w.-]+$/.test(orgRepo)
    ? `https://github.com/${orgRepo}`
    : null;
}

/** The branch of a pattern that stands for one alone (`^main$`, `main`), or empty. */
export function plainBranch({ branches = [] }: JobDefinition): string {
  const [, name = ""] = /^\^?([\w/-]+|[\w/-]+(?:\\?\.[\w/-]+)+)\$?$/.exec(
    branches.length === 1 ? branches[0] ?? "" : "",
  ) ?? [];
  return name.replaceAll("\\.", ".");
}

/** For which branches a job is, in few words. */
export function branchesText(definition: JobDefinition): string {
  const { branches = [], skip_branches: skipped = [] } = definition;
  const only = branches.length === 0 ? "all" : branches.join(", ");
  const text = skipped.length === 0
    ? only
    : `${only}, not ${skipped.join(", ")}`;
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
