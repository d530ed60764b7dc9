import * as z from "zod";
import { isEnd, type RunSummary } from "../../../../core/run.ts";

/** Where builds are shown: the bucket's name, and the public URL without a final slash. */
export type StorageView = {
  readonly bucket: string;
  readonly baseUrl: string;
};

/** What of a run says where it is stored; of the request, `type` and `refs`. */
export type StoredRun = Pick<RunSummary, "job" | "number" | "request">;

const refsSchema = z.object({
  org: z.string(),
  repo: z.string(),
  pulls: z.array(z.object({ number: z.number() })).default([]),
});

/**
 * The folder of a run in Prow's storage layout, without slashes around it
 * (wire section 4): `logs/JOB/BUILD`, and for presubmits
 * `pr-logs/pull/ORG_REPO/PULL/JOB/BUILD`. Prow calls this path strategy explicit.
 */
export function buildPath({ job, number, request }: StoredRun): string {
  const root = request.type === "presubmit"
    ? `pr-logs/pull/${repositoryPath(request.refs)}`
    : "logs";
  return cleanPath(`${root}/${job}/${number}`);
}

/** The folder above those of all builds of a run's job: what its history is named by. */
export function historyPath({ job, request }: StoredRun): string {
  const root = request.type === "presubmit" ? "pr-logs/directory" : "logs";
  return cleanPath(`${root}/${job}`);
}

/** The folder that a path is in. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** A path as it stands in a URL. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/**
 * `gcs_path` and `job_url` of an execution: where its files are, and a page
 * about it. Both are empty while it waits (gangway 67).
 */
export function storageOf(
  run: StoredRun & Pick<RunSummary, "state" | "startedAt">,
  { bucket, baseUrl }: StorageView,
): { readonly gcsPath: string; readonly jobUrl: string } {
  if (!hasBuild(run)) return { gcsPath: "", jobUrl: "" };
  return {
    gcsPath: `gs://${bucket}/${buildPath(run)}`,
    jobUrl: `${baseUrl}${viewPath(run, bucket)}`,
  };
}

/** Whether there is something to see: what never began has ended for a reason. */
export function hasBuild(
  { startedAt, state }: Pick<RunSummary, "state" | "startedAt">,
): boolean {
  return startedAt !== null || isEnd(state);
}

/** The path of a run's page. */
export function viewPath(run: StoredRun, bucket: string): string {
  return `/view/gs/${bucket}/${encodePath(buildPath(run))}`;
}

/** A Gerrit org is a URL; its protocol is no part of the path. */
function repositoryPath(refs: unknown): string {
  const parsed = refsSchema.safeParse(refs);
  if (!parsed.success) return "unknown/0";
  const { org, repo, pulls } = parsed.data;
  const name = `${org.replace(/^https?:\/\//, "")}_${
    repo.replaceAll("/", "_")
  }`;
  return `${name}/${pulls[0]?.number ?? 0}`;
}

/** Parts that a URL cannot hold are left out, as Go's `path.Join` does. */
function cleanPath(path: string): string {
  return path.split("/").filter((part) => !["", ".", ".."].includes(part))
    .join("/");
}
