import type { Fault } from "./job_file.ts";

/** A file of job configuration. */
export type JobText = { readonly path: string; readonly text: string };

/** The largest file that is read; the largest known one is an eighth of it. */
const maxFileBytes = 16 * 1024 * 1024;

/**
 * Reads files, and every `.yaml` and `.yml` file below folders, in the order
 * of their paths; as in Prow, names that begin with two dots are left out.
 * What cannot be read is a fault and does not stop the rest. For scripts: it
 * reads this machine's disk.
 *
 * @throws Error when a given path does not exist.
 */
export async function readJobFolder(
  paths: readonly string[],
): Promise<{ texts: JobText[]; faults: Fault[] }> {
  const texts: JobText[] = [];
  const faults: Fault[] = [];
  for (const path of await listFiles(paths)) {
    try {
      texts.push({ path, text: await readFile(path) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      faults.push({ file: path, line: null, reason });
    }
  }
  return { texts, faults };
}

async function listFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await Deno.stat(path).catch((cause) => {
      throw new Error(`Cannot read ${path}: there is no such file or folder`, {
        cause,
      });
    });
    if (found.isDirectory) files.push(...await listFolder(path));
    else files.push(path);
  }
  return files;
}

async function listFolder(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder.replace(/\/+$/, "")}/${entry.name}`;
    if (entry.name.startsWith("..")) continue;
    if (entry.isDirectory) files.push(...await listFolder(path));
    else if (/\.ya?ml$/.test(entry.name)) files.push(path);
  }
  return files.sort();
}

async function readFile(path: string): Promise<string> {
  const { size } = await Deno.stat(path);
  if (size > maxFileBytes) {
    throw new Error(`it is larger than ${maxFileBytes} bytes`);
  }
  const bytes = await Deno.readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8 text");
  }
}
