import {
  artifactPathFault,
  maxArtifactBytes,
  maxArtifacts,
} from "../../../../core/artifact.ts";

/** How much of ARTIFACTS is kept. */
export type ArtifactLimits = {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
};

/** Some files are left for what the pod itself has to say. */
export const artifactLimits: ArtifactLimits = {
  files: maxArtifacts - 100,
  fileBytes: maxArtifactBytes,
  totalBytes: 4 * 1024 ** 3,
};

/** What there is in ARTIFACTS. */
export type Findings = {
  readonly kept: readonly { readonly file: string; readonly path: string }[];
  readonly left: readonly { readonly path: string; readonly why: string }[];
};

/**
 * The files below a folder, by name. A path has what no artifact's may hold
 * replaced by `_`. A link is followed to a file in the folder only: others
 * would be files of this machine.
 */
export async function findArtifacts(
  folder: string,
  limits: ArtifactLimits,
): Promise<Findings> {
  const kept = new Map<string, string>();
  const left: { path: string; why: string }[] = [];
  await assertFolder(folder);
  const root = await Deno.realPath(folder);
  let totalBytes = 0;
  for await (const relative of filesBelow(root)) {
    const path = cleanPath(relative);
    if (kept.size === limits.files || left.length >= limits.files) {
      left.push({ path, why: `there are more than ${limits.files}` });
      break;
    }
    const found = await look(root, relative);
    const why = "why" in found
      ? found.why
      : kept.has(path)
      ? "there is another of that name"
      : artifactPathFault(`artifacts/${path}`) ??
        sizeFault(found.sizeBytes, totalBytes, limits);
    if (why !== null || "why" in found) {
      left.push({ path, why: why ?? "" });
      continue;
    }
    totalBytes += found.sizeBytes;
    kept.set(path, found.file);
  }
  return { kept: [...kept].map(([path, file]) => ({ path, file })), left };
}

/**
 * A job can put a link in the place of ARTIFACTS, which would lead out of its
 * sandbox into this machine.
 *
 * @throws TypeError
 */
export async function assertFolder(folder: string): Promise<void> {
  const { isDirectory } = await Deno.lstat(folder);
  if (!isDirectory) {
    throw new TypeError("it is not a folder, since the job replaced it");
  }
}

/** Everything but folders, as relative paths. */
async function* filesBelow(
  root: string,
  folder = "",
): AsyncGenerator<string> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    entries.push(entry);
    if (entries.length > maxArtifacts) break;
  }
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (!isDirectory) yield path;
    else if (path.length < 1_000) yield* filesBelow(root, path);
  }
}

async function look(
  root: string,
  relative: string,
): Promise<
  | { readonly file: string; readonly sizeBytes: number }
  | { readonly why: string }
> {
  try {
    const file = await Deno.realPath(`${root}/${relative}`);
    if (!file.startsWith(`${root}/`)) {
      return { why: "it is a link that leads out of ARTIFACTS" };
    }
    const { isFile, size } = await Deno.stat(file);
    return isFile ? { file, sizeBytes: size } : { why: "it is not a file" };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { why: `it cannot be read: ${why}` };
  }
}

function sizeFault(
  sizeBytes: number,
  beforeBytes: number,
  { fileBytes, totalBytes }: ArtifactLimits,
): string | null {
  if (sizeBytes > fileBytes) return `it is larger than ${fileBytes} bytes`;
  return beforeBytes + sizeBytes > totalBytes
    ? `all together are larger than ${totalBytes} bytes`
    : null;
}

function cleanPath(path: string): string {
  // deno-lint-ignore no-control-regex -- these are what is replaced
  return path.replaceAll(/[\u0000-\u001f\u007f\\]/g, "_");
}
