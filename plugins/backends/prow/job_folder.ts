import { addRules, type IgnoreRules, isIgnored } from "./ignore_rules.ts";
import {
  emptyJobFile,
  type Fault,
  type JobFile,
  readJobFile,
} from "./job_file.ts";
import { readJobText } from "./job_text.ts";

/** A file of job configuration. */
export type JobText = { readonly path: string; readonly text: string };

/** What a folder's rules about files to leave out are called; their form is that of `.gitignore`. */
const ignoreFileName = ".prowignore";

/**
 * Finds the given files, and every `.yaml` and `.yml` file below folders,
 * compressed ones too, in the order of their paths. As in Prow, names that
 * begin with two dots and what `.prowignore` says are left out, and of two
 * files of one name below a folder the second is a fault. For scripts: it
 * reads this machine's disk.
 *
 * @throws Error when a given path does not exist.
 */
export async function findJobFiles(
  paths: readonly string[],
): Promise<{ files: string[]; faults: Fault[] }> {
  const files: string[] = [];
  const faults: Fault[] = [];
  for (const path of paths) {
    const found = await Deno.stat(path).catch((cause) => {
      throw new Error(`Cannot read ${path}: there is no such file or folder`, {
        cause,
      });
    });
    if (!found.isDirectory) {
      files.push(path);
      continue;
    }
    const finder = new Finder();
    await finder.look(path.replace(/(?<=.)\/+$/, ""), []);
    files.push(...finder.files);
    faults.push(...finder.faults);
  }
  return { files, faults };
}

/** Finds files as `findJobFiles` does and reads their texts; what cannot be read is a fault and does not stop the rest. */
export async function readJobFolder(
  paths: readonly string[],
): Promise<{ texts: JobText[]; faults: Fault[] }> {
  const { files, faults } = await findJobFiles(paths);
  const texts: JobText[] = [];
  for (const path of files) {
    const text = await tryToRead(path);
    if (typeof text === "string") texts.push({ path, text });
    else faults.push(text);
  }
  return { texts, faults };
}

/** What a file of job configuration says; that it cannot be read is a fault of it. */
export async function loadJobFile(path: string): Promise<JobFile> {
  const text = await tryToRead(path);
  if (typeof text === "string") return readJobFile(path, text);
  return { ...emptyJobFile, faults: [text] };
}

async function tryToRead(path: string): Promise<string | Fault> {
  try {
    return await readJobText(path);
  } catch (error) {
    return toFault(path, error);
  }
}

/** What kept a file from being read. */
function toFault(file: string, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : String(error);
  return { file, line: null, reason };
}

/** Looks through one folder with all folders in it. */
class Finder {
  readonly files: string[] = [];
  readonly faults: Fault[] = [];
  readonly #pathByName = new Map<string, string>();

  async look(folder: string, outer: IgnoreRules): Promise<void> {
    try {
      const entries = await Array.fromAsync(Deno.readDir(folder));
      entries.sort((one, other) => one.name < other.name ? -1 : 1);
      const rules = entries.some(({ name }) => name === ignoreFileName)
        ? addRules(
          outer,
          folder,
          await readJobText(`${folder}/${ignoreFileName}`),
        )
        : outer;
      for (const entry of entries) await this.#take(folder, entry, rules);
    } catch (error) {
      this.faults.push(toFault(folder, error));
    }
  }

  async #take(
    folder: string,
    { name, isDirectory }: Deno.DirEntry,
    rules: IgnoreRules,
  ): Promise<void> {
    const path = `${folder}/${name}`;
    if (name.startsWith("..") || isIgnored(rules, path, isDirectory)) return;
    if (isDirectory) return await this.look(path, rules);
    if (!/\.ya?ml(\.gz)?$/.test(name)) return;
    // Whoever reads a pipe waits for somebody to write into it.
    const target = await Deno.stat(path).catch(() => null);
    if (target !== null && !target.isFile) {
      this.faults.push({ file: path, line: null, reason: "it is not a file" });
      return;
    }
    const namesake = this.#pathByName.get(name);
    if (namesake === undefined) {
      this.#pathByName.set(name, path);
      this.files.push(path);
    } else {
      const reason =
        `Prow wants every file to have a name of its own, and ${namesake} has the same; rename one of them`;
      this.faults.push({ file: path, line: null, reason });
    }
  }
}
