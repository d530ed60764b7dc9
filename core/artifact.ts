import type { Run } from "./run.ts";

/** A file that an attempt left behind. */
export type Artifact = {
  /** Relative, `/` between folders: a name, never a path of a server. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lowercase hex. */
  readonly sha256: string;
  readonly contentType: string;
  /** Epoch ms. */
  readonly createdAt: number;
};

/** Bytes from `start` to before `end`. */
export type ByteRange = { readonly start: number; readonly end: number };

/** The artifacts of a run's latest attempt, for reading. */
export interface Artifacts {
  /** In the order of their paths. */
  list(run: Run): Promise<readonly Artifact[]>;
  open(
    run: Run,
    path: string,
    range?: ByteRange,
  ): Promise<
    | {
      readonly artifact: Artifact;
      readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
    }
    | null
  >;
}

/** The log of a run's latest attempt, for reading. */
export interface Logs {
  /** The bytes from `start` to before `end`; all that there are by default. */
  read(
    run: Run,
    start?: number,
    end?: number,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Largest artifact. */
export const maxArtifactBytes = 1024 ** 3;

/** Most artifacts of one attempt. */
export const maxArtifacts = 10_000;

/** What is wrong with an artifact's path, or null. */
export function artifactPathFault(path: string): string | null {
  if (path === "" || path.length > 1_000) {
    return "it must be 1 to 1000 characters long";
  }
  // deno-lint-ignore no-control-regex -- these are what is refused
  if (/[\u0000-\u001f\u007f\\]/.test(path)) {
    return "it must not have control characters or backslashes in it";
  }
  if (path.split("/").some((part) => ["", ".", ".."].includes(part))) {
    return "it must be relative, without empty parts, . and ..";
  }
  return null;
}
