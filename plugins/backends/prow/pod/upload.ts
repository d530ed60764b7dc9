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

/** Keeps a text with the run. A server that does not take it is no reason to stop a job: the log says so. */
export async function keepText(
  work: Work,
  path: string,
  text: string,
): Promise<void> {
  await keep(work, path, new TextEncoder().encode(text));
}

/** Keeps what the job left in ARTIFACTS, as `artifacts/…`; the log names what is not kept. */
export async function keepArtifacts(
  work: Work,
  folder: string,
  limits: ArtifactLimits = artifactLimits,
): Promise<void> {
  let found: Findings;
  try {
    found = await findArtifacts(folder, limits);
  } catch (error) {
    work.log(`slipway: cannot read ARTIFACTS: ${messageOf(error)}\n`);
    return;
  }
  const waiting = found.kept.values();
  await Promise.all(Array.from({ length: width }, async () => {
    for (const { path, file } of waiting) {
      await keep(work, `artifacts/${path}`, { file });
    }
  }));
  for (const { path, why } of found.left.slice(0, maxNamed)) {
    work.log(`slipway: artifacts/${path} is not kept: ${why}\n`);
  }
  const unnamed = found.left.length - maxNamed;
  if (unnamed > 0) {
    work.log(`slipway: ${unnamed} more artifacts are not kept\n`);
  }
}

async function keep(
  work: Work,
  path: string,
  content: Parameters<Work["upload"]>[1],
): Promise<void> {
  try {
    await work.upload(path, content);
  } catch (error) {
    work.log(`slipway: cannot keep ${path}: ${messageOf(error)}\n`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
