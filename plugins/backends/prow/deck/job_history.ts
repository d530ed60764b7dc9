import { ApiError } from "../../../../core/error.ts";
import { isEnd, type Run } from "../../../../core/run.ts";
import { executionStatus } from "../execution_status.ts";
import { timestamp } from "../execution.ts";
import { toProwJob } from "../prowjob.ts";
import type { Refs } from "../refs.ts";
import { quote } from "../request_rules.ts";
import { escapeMarkup } from "../../../../http/markup.ts";
import { link, page, row, scriptJson } from "./html.ts";
import {
  encodePath,
  hasBuild,
  historyPath,
  viewPath,
} from "./storage_layout.ts";

/** A build as Deck's pages and those who scrape them know it. */
export type Build = {
  readonly SpyglassLink: string;
  readonly ID: string;
  readonly Started: string;
  /** Nanoseconds, as Go writes it. */
  readonly Duration: number;
  readonly Result: string;
  readonly Refs: Refs | null;
};

/** One page of a job's builds. A link's build id is the first that it shows; empty is the newest. */
export type History = {
  readonly bucket: string;
  /** `logs/JOB` or `pr-logs/directory/JOB`. */
  readonly path: string;
  readonly builds: readonly Build[];
  readonly older: string | null;
  readonly newer: string | null;
  readonly isLatest: boolean;
};

/** The job whose history a path names. */
export type HistoryPlace = {
  readonly bucket: string;
  readonly path: string;
  readonly job: string;
};

/**
 * Reads `gs/BUCKET/logs/JOB`, `gs/BUCKET/pr-logs/directory/JOB`, or the same
 * without `gs/`, as old links have it.
 *
 * @throws ApiError `invalid`.
 */
export function readHistoryPath(text: string): HistoryPlace {
  const match =
    /^(?:(?:gs|s3)\/)?([^/]+)\/((?:logs|pr-logs\/directory)\/(.+))$/s.exec(
      text,
    );
  const [, bucket = "", path = "", job = ""] = match ?? [];
  if (match !== null) return { bucket, path, job };
  throw new ApiError(
    "invalid",
    `failed to get job history: invalid path for job: ${
      quote(text)
    }; use gs/BUCKET/logs/JOB or gs/BUCKET/pr-logs/directory/JOB`,
  );
}

/** A run as its job's history shows it; one that has not ended is pending, and its duration is up to now. */
export function toBuild(run: Run, bucket: string, now: number): Build {
  const startedAt = run.startedAt ?? run.createdAt;
  const endedAt = run.finishedAt ?? now;
  const seconds = Math.max(0, Math.round((endedAt - startedAt) / 1000));
  return {
    SpyglassLink: viewPath(run, bucket),
    ID: String(run.number),
    Started: timestamp(startedAt),
    Duration: seconds * 1e9,
    Result: isEnd(run.state) ? executionStatus(run.state) : "PENDING",
    Refs: toProwJob(run, { bucket, baseUrl: "" }).spec.refs ?? null,
  };
}

/** Whether a run is a build of a history. */
export function isOf(
  place: HistoryPlace,
  run: Parameters<typeof historyPath>[0] & Parameters<typeof hasBuild>[0],
): boolean {
  return hasBuild(run) && historyPath(run) === place.path;
}

/**
 * A history as a page. The line with `allBuilds`, the lines around it and the
 * words of the links are what scrapers look for. The browser is not to run
 * it: it is there to be cut out.
 */
export function historyPage(history: History): string {
  const { builds, bucket, path } = history;
  const rows = builds.map((build) =>
    row(
      link(build.SpyglassLink, build.ID),
      (build.Refs?.pulls ?? []).map(({ link: href = "", number }) =>
        link(href, `#${number}`)
      ).join(" "),
      escapeMarkup(build.Started),
      `${build.Duration / 1e9} s`,
      escapeMarkup(build.Result),
    )
  );
  const at = (id: string, text: string) =>
    link(`/job-history/gs/${bucket}/${encodePath(path)}?buildId=${id}`, text);
  const links = [
    ...history.older === null ? [] : [at(history.older, "<- Older Runs")],
    ...history.newer === null ? [] : [at(history.newer, "Newer Runs ->")],
    ...history.isLatest ? [] : [at("", "Latest Runs")],
  ];
  return page(
    `Job History: ${path}`,
    `<script type="text/plain">
  var allBuilds = ${scriptJson(builds)};
</script>
<table>
<tr><th>Build</th><th>Revision</th><th>Started</th><th>Duration</th><th>Result</th></tr>
${rows.join("\n")}
</table>
<p>${links.join(" ")}</p>`,
  );
}
