import type { BackendContext, RunFilter } from "../../../core/backend.ts";
import type { Json } from "../../../core/json.ts";
import type { Principal } from "../../../core/principal.ts";
import { isEnd, type RunSummary } from "../../../core/run.ts";
import { runFolder } from "./data_path.ts";
import { findFindings, type Finding } from "./history.ts";
import type { Options } from "./options.ts";
import { htmlSafeJson } from "./reply.ts";
import { toTestResult } from "./test_result.ts";

/** Tests read at a time: few of a long list are in memory together. */
const pageSize = 500;

/** Which results are wanted, and how. */
export type ResultsQuery = {
  /** Who asks for their own tests. */
  readonly owner: Principal;
  /** Epoch ms; null: all. */
  readonly since: number | null;
  /** With what Slipway knows beyond debci: see `moreOf`. */
  readonly isFull: boolean;
  /** Public base URL, without a final slash. */
  readonly baseUrl: string;
};

/**
 * The answer to `GET /api/v1/test`, piece by piece: the owner's tests by last
 * change. `until` is the second of the owner's last change, read before the
 * list and its bound: whatever changes later is found by the next
 * request with `since` set to it, so that no follower misses anything.
 */
export async function* writeResults(
  context: BackendContext<Options>,
  query: ResultsQuery,
): AsyncGenerator<string> {
  const updatedUntil = await context.runs.lastChange(query.owner);
  const until = Math.floor(updatedUntil / 1000);
  let start = `{"until":${until},"results":[`;
  for await (
    const { results, isLast } of readPages(context, query, updatedUntil)
  ) {
    // Between the brackets of the page's own list.
    const items = htmlSafeJson(results).slice(1, -1);
    yield isLast ? `${start}${items}]}` : start + items;
    start = ",";
  }
}

/** The places of all that waits, by number. */
type Places = () => Promise<ReadonlyMap<number, number>>;

/** At least one page. */
async function* readPages(
  context: BackendContext<Options>,
  query: ResultsQuery,
  updatedUntil: number,
) {
  const filter: RunFilter = {
    owner: query.owner.account,
    reader: query.owner,
    order: "changed",
    updatedUntil,
    // One more than is shown says whether there are more.
    limit: pageSize + 1,
    ...(query.since === null ? {} : { updatedSince: query.since }),
  };
  // Once for all pages, and only when something waits.
  let known: Promise<ReadonlyMap<number, number>> | undefined;
  const places = () => known ??= context.runs.queuePlacesOf(query.owner);
  let after: RunSummary | undefined;
  do {
    const found = await context.runs.summaries(
      { ...filter, ...(after === undefined ? {} : { after }) },
      "all",
    );
    const page = found.slice(0, pageSize);
    after = found.length > pageSize ? page.at(-1) : undefined;
    const results = await toResults(context, query, page, places);
    yield { results, isLast: after === undefined };
  } while (after !== undefined);
}

async function toResults(
  context: BackendContext<Options>,
  query: ResultsQuery,
  page: readonly RunSummary[],
  places: Places,
): Promise<Json[]> {
  const ended = page.filter((run) => isEnd(run.state));
  const findings = await findFindings(
    context.database,
    ended.map(({ number }) => number),
  );
  const more = query.isFull ? await moreOf(context, query, page, places) : null;
  return page.map((run) => {
    const finding = findings.get(run.number) ?? null;
    const result = toTestResult(run, finding);
    return more === null ? result : { ...result, ...more(run, finding) };
  });
}

/** What `view=full` adds to each result. */
async function moreOf(
  { now }: BackendContext<Options>,
  { baseUrl }: ResultsQuery,
  page: readonly RunSummary[],
  placesOfAll: Places,
) {
  const isWaiting = page.some((run) => run.state === "queued");
  const places = isWaiting ? await placesOfAll() : null;
  return (run: RunSummary, finding: Finding | null) => {
    const { suite, arch } = run.request;
    const folder = runFolder({
      suite: String(suite),
      arch: String(arch),
      package: run.job,
      number: run.number,
    });
    return {
      id: run.id,
      state: run.state,
      queue_position: places?.get(run.number) ?? null,
      queued_seconds: run.state === "queued"
        ? Math.max(0, Math.floor((now() - run.queuedAt) / 1000))
        : null,
      log_url: (finding?.logBytes ?? 0) > 0
        ? `${baseUrl}${folder}/log.gz`
        : null,
    };
  };
}
