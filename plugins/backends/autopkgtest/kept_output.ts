import type { Work } from "../../../core/executor.ts";
import { compressLog } from "./log_excerpt.ts";
import { packOutput, type TarballLimits } from "./output_tarball.ts";
import { isPlainFolder, plainFileBytes, readPlainFile } from "./plain_file.ts";

/** What is kept with a run, in debci's names, and what it is. */
export const keptFiles = {
  "log.gz": "application/gzip",
  exitcode: "text/plain; charset=utf-8",
  duration: "text/plain; charset=utf-8",
  "testpkg-version": "text/plain; charset=utf-8",
  "testbed-packages": "text/plain; charset=utf-8",
  "testinfo.json": "application/json",
  summary: "text/plain; charset=utf-8",
  "artifacts.tar.gz": "application/gzip",
} as const;

type KeptFile = keyof typeof keptFiles;

/** autopkgtest's own small files. */
const asTheyAre = [
  "exitcode",
  "duration",
  "testpkg-version",
  "testbed-packages",
  "testinfo.json",
  "summary",
] as const satisfies readonly KeptFile[];

/** Of a small file more is not kept. */
const maxFileBytes = 4 * 1024 ** 2;

/** What tests leave is kept up to this, all together: packed, it stays below the largest artifact that a server takes. */
export const tarballLimits: TarballLimits = {
  bytes: 900 * 1024 ** 2,
  entries: 100_000,
};

/** How long the end of a run is held up. */
const patienceMs = 30 * 60_000;

/** What the runner saw of a run. */
export type Seen = {
  /** Null when it was stopped. */
  readonly exitCode: number | null;
  readonly durationSeconds: number;
};

/**
 * Keeps what autopkgtest left in its output folder with the run, in debci's
 * layout (wire 3.2, 3.3): `log.gz`, the small files, and everything but the
 * log in `artifacts.tar.gz`. What is not there is not kept. Nothing that goes wrong
 * here changes the result; the log says so.
 *
 * @param work its folder is used for what is being made
 */
export async function keepOutput(
  work: Work,
  folder: string,
  seen: Seen,
  limits: TarballLimits = tarballLimits,
): Promise<void> {
  if (!await isPlainFolder(folder)) return;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patienceMs);
  const signal = AbortSignal.any([work.signal, late.signal]);
  const keeper = new Keeper(work, folder, signal);
  try {
    await writeSeen(folder, seen);
    await keeper.log();
    for (const name of asTheyAre) await keeper.file(name);
    await keeper.tarball(limits);
  } catch (error) {
    if (work.signal.aborted) return;
    const why = signal.aborted ? "it takes too long" : messageOf(error);
    work.log(`slipway: not all of the output is kept: ${why}\n`);
  } finally {
    clearTimeout(timer);
  }
}

/** In files as debci's worker writes them. A link in their place is replaced, not followed. */
async function writeSeen(folder: string, seen: Seen): Promise<void> {
  const { exitCode, durationSeconds } = seen;
  const texts = [
    ["exitcode", exitCode === null ? null : `${exitCode}\n`],
    ["duration", `${durationSeconds}\n`],
  ] as const;
  for (const [name, text] of texts) {
    const path = `${folder}/${name}`;
    await Deno.remove(path, { recursive: true }).catch(() => {});
    if (text !== null) {
      await Deno.writeTextFile(path, text, { createNew: true });
    }
  }
}

class Keeper {
  readonly #work: Work;
  readonly #folder: string;
  readonly #signal: AbortSignal;

  constructor(work: Work, folder: string, signal: AbortSignal) {
    this.#work = work;
    this.#folder = folder;
    this.#signal = signal;
  }

  async log(): Promise<void> {
    const log = `${this.#folder}/log`;
    if (await plainFileBytes(log) === null) return;
    const file = `${this.#work.directory}/log.gz`;
    await compressLog(log, file);
    await this.#upload("log.gz", { file });
  }

  async file(name: typeof asTheyAre[number]): Promise<void> {
    const bytes = await readPlainFile(
      `${this.#folder}/${name}`,
      maxFileBytes,
    );
    if (bytes !== null) await this.#upload(name, bytes);
  }

  async tarball(limits: TarballLimits): Promise<void> {
    const file = `${this.#work.directory}/artifacts.tar.gz`;
    const packed = await packOutput(this.#folder, file, {
      limits,
      listFile: `${this.#work.directory}/artifacts.list`,
      signal: this.#signal,
    });
    switch (packed.kind) {
      case "failed":
        this.#work.log(
          `slipway: artifacts.tar.gz is not kept: ${packed.why}\n`,
        );
        return;
      case "without_artifacts":
        this.#work.log(
          `slipway: what the tests left as artifacts is not kept: ${packed.why}\n`,
        );
        break;
      case "whole":
        break;
      default:
        packed satisfies never;
    }
    await this.#upload("artifacts.tar.gz", { file });
  }

  /** A server that does not answer is not waited for for ever. */
  async #upload(
    name: KeptFile,
    content: Parameters<Work["upload"]>[1],
  ): Promise<void> {
    this.#signal.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(this.#signal.reason);
    this.#signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([
        this.#work.upload(name, content, keptFiles[name]),
        stopped.promise,
      ]);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#work.log(`slipway: cannot keep ${name}: ${messageOf(error)}\n`);
    } finally {
      this.#signal.removeEventListener("abort", stop);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
