import {
  type Artifact,
  type Artifacts,
  type ByteRange,
  maxArtifacts,
} from "../core/artifact.ts";
import type { BlobStore } from "../core/blob.ts";
import { type Database, type Row, sql } from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";
import type { Run } from "../core/run.ts";
import type { Fence } from "./attempt_store.ts";

/** What became of an artifact that an attempt handed in. */
export type Kept =
  | { readonly kind: "kept" }
  /** Another file has that path already. */
  | { readonly kind: "differs" }
  | { readonly kind: "too_many" }
  | { readonly kind: "stale_attempt" };

/** What attempts left behind: names here, bytes in the blob store. */
export class ArtifactStore implements Artifacts {
  readonly #database: Database;
  readonly #blobs: BlobStore | null;
  readonly #now: () => number;

  /** Without a blob store there are no artifacts. */
  constructor(database: Database, blobs: BlobStore | null, now: () => number) {
    this.#database = database;
    this.#blobs = blobs;
    this.#now = now;
  }

  /** Keeps the name of a stored blob. The same file under the same path again changes nothing. */
  async keep(
    fence: Fence,
    artifact: Omit<Artifact, "createdAt">,
  ): Promise<Kept> {
    const sha256 = await sha256Hex(fence.attemptToken);
    const isLive =
      sql`id = ${fence.runId} and attempt_sha256 = ${sha256} and state in ('claimed', 'running')`;
    const { path, sizeBytes, contentType } = artifact;
    await this.#database.batch([sql`
      insert into artifact (run, attempt, path, size_bytes, sha256, content_type, created_at)
      select number, attempt, ${path}, ${sizeBytes}, ${artifact.sha256}, ${contentType}, ${this.#now()}
      from run where ${isLive} and (
        select count(*) from artifact where artifact.run = run.number and artifact.attempt = run.attempt
      ) < ${maxArtifacts}
      on conflict (run, attempt, path) do nothing`]);
    const [row] = await this.#database.query(sql`
      select artifact.sha256 from run left join artifact
        on artifact.run = number and artifact.attempt = run.attempt and artifact.path = ${path}
      where ${isLive}`);
    if (row === undefined) return { kind: "stale_attempt" };
    if (row.sha256 === null) return { kind: "too_many" };
    return { kind: row.sha256 === artifact.sha256 ? "kept" : "differs" };
  }

  async list(run: Run): Promise<Artifact[]> {
    const rows = await this.#database.query(sql`
      select * from artifact where run = ${run.number} and attempt = ${run.attempt} order by path`);
    return rows.map(toArtifact);
  }

  async open(run: Run, path: string, range?: ByteRange) {
    const [row] = await this.#database.query(sql`
      select * from artifact where run = ${run.number} and attempt = ${run.attempt} and path = ${path}`);
    if (row === undefined) return null;
    const artifact = toArtifact(row);
    const body = await this.#blobs?.get(artifact.sha256, range) ?? null;
    return body === null ? null : { artifact, body };
  }
}

function toArtifact(row: Row): Artifact {
  return {
    path: String(row.path),
    sizeBytes: Number(row.size_bytes),
    sha256: String(row.sha256),
    contentType: String(row.content_type),
    createdAt: Number(row.created_at),
  };
}
