import { sizeText } from "../kit/size.ts";
import { LogLines } from "./log_lines.tsx";
import type { Line } from "./read_lines.ts";
import {
  type Searched,
  SearchForm,
  searchQuery,
  SearchResults,
} from "./search_view.tsx";
import { logPath, mayGrow, pagePath, type ShownLog } from "./shown_log.ts";

/** Lines of a page without script. */
export const pageLines = 500;

/** The first line (from 1) of the page that has a line. */
export function pageStart(line: number): number {
  return Math.floor((line - 1) / pageLines) * pageLines + 1;
}

/** What is shown of a log. */
export type LogPage = {
  readonly lines: readonly Line[];
  readonly first: number;
  readonly hasMore: boolean;
  readonly searched: Searched | null;
  /** A failure was looked for, and none found. */
  readonly isFailureMissing: boolean;
};

/** A run's log: a page of its lines, which the script makes into all of them. */
export function LogView({ shown, log }: { shown: ShownLog; log: LogPage }) {
  const { run, earlier } = shown;
  const hasNothing = run.logBytes === 0;
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">
        {earlier === null ? "Log" : `Log of attempt ${earlier}`}{" "}
        {!hasNothing && <small>{sizeText(run.logBytes)}</small>}{" "}
        {earlier !== null && (
          <a href={`/runs/${run.number}#log-title`}>The latest</a>
        )}
      </h2>
      {hasNothing && !mayGrow(shown)
        ? <p class="empty">There is none: nothing was written.</p>
        : (
          <>
            <Tools shown={shown} log={log} />
            <SearchForm shown={shown} search={log.searched?.search ?? null} />
            <div id="log-hits">
              {log.searched !== null && (
                <SearchResults shown={shown} searched={log.searched} />
              )}
            </div>
            {log.isFailureMissing && (
              <p role="status">
                No line says that something failed
                {mayGrow(shown) ? " so far" : ""}.
              </p>
            )}
            <LogBox shown={shown} lines={log.lines} />
          </>
        )}
    </section>
  );
}

function Tools({ shown, log }: { shown: ShownLog; log: LogPage }) {
  const { first, hasMore, searched } = log;
  const search = searched === null ? {} : searchQuery(searched.search);
  return (
    <div class="actions">
      {shown.run.state !== "passed" && (
        <a class="button" href={logPath(shown, "/failure")}>First failure</a>
      )}
      <a class="button" href={logPath(shown, "/end")}>End</a>
      <button id="wrap" type="button" aria-pressed="false" hidden>
        Wrap
      </button>
      <a class="button" href={logPath(shown)} download>Download</a>
      {first > 1 && (
        <a
          class="log-pages"
          href={pagePath(
            shown,
            { ...search, line: Math.max(1, first - pageLines) },
            "#log",
          )}
        >
          ← Lines before
        </a>
      )}
      {hasMore && (
        <a
          class="log-pages"
          href={pagePath(shown, { ...search, line: first + pageLines }, "#log")}
        >
          Lines after →
        </a>
      )}
    </div>
  );
}

function LogBox(
  { shown, lines }: { shown: ShownLog; lines: readonly Line[] },
) {
  const { run, earlier } = shown;
  return (
    <div
      id="log"
      class="log"
      tabindex={0}
      role="region"
      aria-label="Log"
      data-base={`/runs/${run.number}/log`}
      data-of={earlier === null ? "" : `attempt=${earlier}&`}
      data-attempt={String(run.attempt)}
      data-bytes={String(run.logBytes)}
    >
      {run.logBytes === 0
        ? (
          <p class="empty">
            Nothing yet. It is shown here as soon as a runner writes it.
          </p>
        )
        : <LogLines lines={lines} />}
    </div>
  );
}
