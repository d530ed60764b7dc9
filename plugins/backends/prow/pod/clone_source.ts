import type { Refs } from "../refs.ts";

/** Where to fetch a repository from, or why it is refused. */
export type CloneSource =
  | { readonly url: string; readonly isLocal: boolean }
  | { readonly fault: string };

/** What git may speak: no plain text, no helper that runs commands. */
export function allowedProtocols(roots: readonly string[]): string {
  return roots.length > 0 ? "https:ssh:file" : "https:ssh";
}

/** The URL that clonerefs would use (wire section 1.3, `clone_uri`). */
export function cloneUrl(refs: Refs): string {
  const { org = "", repo = "" } = refs;
  if (refs.clone_uri) return refs.clone_uri;
  if (refs.repo_link) return `${refs.repo_link}.git`;
  return org.includes("://")
    ? `${org}/${repo}`
    : `https://github.com/${org}/${repo}.git`;
}

/**
 * Judges a URL. A local repository must lie below one of the operator's
 * folders; it is named by its real path, so that no link leads out of them.
 */
export async function cloneSource(
  url: string,
  roots: readonly string[],
): Promise<CloneSource> {
  // deno-lint-ignore no-control-regex -- these are what is refused
  if (url === "" || /[\u0000-\u0020\u007f]/.test(url) || url.startsWith("-")) {
    return {
      fault: "it must not be empty, have spaces in it, or begin with -",
    };
  }
  if (isRemote(url)) return { url, isLocal: false };
  const path = localPath(url);
  if (path === null) return { fault: "only https and ssh are cloned from" };
  const folder = await realFolder(path);
  for (const root of roots) {
    const realRoot = await realFolder(root);
    if (
      folder !== null && realRoot !== null &&
      `${folder}/`.startsWith(`${realRoot.replace(/\/$/, "")}/`)
    ) return { url: folder, isLocal: true };
  }
  return {
    fault:
      "it is not a folder that this runner may clone from; SLIPWAY_GIT_ROOTS names those",
  };
}

/** https, ssh, and ssh as `user@host:path`. A host that begins with `-` would be an option to ssh. */
function isRemote(url: string): boolean {
  if (/^[^/:]+::/.test(url)) return false;
  if (/^(https|ssh):\/\//.test(url)) {
    const { hostname, username } = URL.parse(url) ??
      { hostname: "", username: "" };
    return /^[A-Za-z0-9[]/.test(hostname) && !username.startsWith("-");
  }
  return /^([A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/|-)./
    .test(url);
}

function localPath(url: string): string | null {
  if (url.startsWith("/")) return url;
  if (!url.startsWith("file:///")) return null;
  try {
    return decodeURIComponent(url.slice("file://".length));
  } catch {
    return null;
  }
}

async function realFolder(path: string): Promise<string | null> {
  try {
    const real = await Deno.realPath(path);
    return (await Deno.stat(real)).isDirectory ? real : null;
  } catch {
    return null;
  }
}
