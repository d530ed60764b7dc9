import type { Work } from "../../../../core/executor.ts";
import {
  type ArtifactLimits,
  artifactLimits,
  findArtifacts,
  type Findings,
} from "./artifacts.ts";

/** Files on their way at a time. */
const width = 4;

/** Files that are left behind are named up to this many. */
const maxNamed = 10;

/** How long an end is held up by a server that does not answer: for texts, and for all artifacts together. */
const textPatienceMs = 60_000;
const artifactsPatienceMs = 3_600_000;

/**
 * Hands in what is to be kept with a run. A server that does not take it is
 * no reason to stop a job, or to hold up its end for long: the log says so.
 */
export class Keeper {
  readonly #work: Work;
  readonly #texts: Promise<void>[] = [];

  constructor(work: Work) {
    this.#work = work;
  }

  /** Begins to hand in a text; nobody needs to wait for it. */
  text(path: string, text: string): void {
    this.#texts.push(this.#keep(path, new TextEncoder().encode(text)));
  }

  /** Waits for the texts. False when the server is not to be waited for any more. */
  async settle(patienceMs: number = textPatienceMs): Promise<boolean> {
    const isDone = await within(Promise.all(this.#texts), patienceMs);
    if (!isDone) {
      this.#work.log("slipway: files are not kept: the server takes none\n");
    }
    return isDone;
  }

  /** Hands in what the job left in ARTIFACTS, as `artifacts/…`; the log names what is not kept. */
  async artifacts(
    folder: string,
    limits: ArtifactLimits = artifactLimits,
  ): Promise<void> {
    let found: Findings;
    try {
      found = await findArtifacts(folder, limits);
    } catch (error) {
      this.#work.log(`slipway: cannot read ARTIFACTS: ${messageOf(error)}\n`);
      return;
    }
    const waiting = found.kept.values();
    const handingIn = Array.from({ length: width }, async () => {
      for (const { path, file } of waiting) {
        await this.#keep(`artifacts/${path}`, { file });
      }
    });
    if (!await within(Promise.all(handingIn), artifactsPatienceMs)) {
      this.#work.log(
        "slipway: some artifacts are not kept: it takes too long\n",
      );
    }
    this.#tellLeft(found.left);
  }

  #tellLeft(left: Findings["left"]): void {
    for (const { path, why } of left.slice(0, maxNamed)) {
      this.#work.log(`slipway: artifacts/${path} is not kept: ${why}\n`);
    }
    const unnamed = left.length - maxNamed;
    if (unnamed > 0) {
      this.#work.log(`slipway: ${unnamed} more artifacts are not kept\n`);
    }
  }

  async #keep(
    path: string,
    content: Parameters<Work["upload"]>[1],
  ): Promise<void> {
    try {
      await this.#work.upload(path, content);
    } catch (error) {
      this.#work.log(`slipway: cannot keep ${path}: ${messageOf(error)}\n`);
    }
  }
}

/** Whether something is done within a time. */
async function within(
  work: Promise<unknown>,
  patienceMs: number,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
