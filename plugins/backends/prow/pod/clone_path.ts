import { artifactPathFault } from "../../../../core/artifact.ts";
import type { Refs } from "../refs.ts";

/** Where below GOPATH a repository is cloned to, or why it cannot be. */
export type ClonePath = { readonly path: string } | { readonly fault: string };

/**
 * `src/github.com/ORG/REPO`, or `path_alias` or the repository's link below
 * `src`, as Prow's clonerefs has it. An org that is a URL, as Gerrit's are,
 * counts without its protocol.
 */
export function clonePath(refs: Refs): ClonePath {
  const { org = "", repo = "" } = refs;
  const asked = refs.path_alias || withoutProtocol(refs.repo_link ?? "") ||
    (org.includes("://")
      ? `${withoutProtocol(org)}/${repo}`
      : `github.com/${org}/${repo}`);
  const path = asked.replaceAll(/\/+/g, "/").replaceAll(/^\/|\/$/g, "");
  const fault = artifactPathFault(path) ?? gitFolderFault(path);
  if (fault === null) return { path: `src/${path}` };
  return {
    fault: `${JSON.stringify(asked)} cannot be its folder: ${fault}`,
  };
}

/**
 * What is wrong with cloning to these folders together, or null. A repository
 * inside another could be led elsewhere by a link in that.
 */
export function overlapFault(paths: readonly string[]): string | null {
  for (const [index, path] of paths.entries()) {
    if (path === "") continue;
    const other = paths.find((each, at) =>
      at !== index && `${each}/`.startsWith(`${path}/`)
    );
    if (other === path) return `two repositories cannot both be in ${path}`;
    if (other !== undefined) {
      return `${other} cannot be inside the repository ${path}`;
    }
  }
  return null;
}

/** What git keeps there, such as its configuration, would be the repository's to write. */
function gitFolderFault(path: string): string | null {
  return path.split("/").some((part) => part.toLowerCase() === ".git")
    ? "it must not be in a .git folder"
    : null;
}

function withoutProtocol(url: string): string {
  return url.replace(/^.*:\/\//s, "");
}
