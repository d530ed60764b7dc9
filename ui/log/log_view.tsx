import type { Run } from "../../core/run.ts";
import { isEnd } from "../../core/run.ts";
import { LogLines } from "./log_lines.tsx";
import type { Line } from "./read_lines.ts";
import { sizeText } from "../kit/size.ts";

/** Lines of a page without script. */
export const pageLines = 500;

/** The first line (from 1) of the page that has a line. */
export function pageStart(line: number): number {
  return Math.floor((line - 1) / pageLines) * pageLines + 1;
}

/** A run's log: a page of its lines, which the script makes into all of them. */
export function LogView(
  { run, lines, first, hasMore }: {
    run: Run;
    lines: readonly Line[];
    first: number;
    hasMore: boolean;
  },
) {
  const base = `/runs/${run.number}`;
  const hasFailed = run.state === "failed" || run.state === "errored";
  if (run.logBytes === 0) {
    return (
      <section aria-labelledby="log-title">
        <h2 id="log-title">Log</h2>
        <p class="empty">
          {isEnd(run.state)
            ? "There is none: the run ended before anything was written."
            : "Nothing yet. It is shown here as soon as a runner writes it."}
        </p>
      </section>
    );
  }
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">
        Log <small>{sizeText(run.logBytes)}</small>
      </h2>
      <div class="actions">
        {hasFailed && (
          <a class="button" href={`${base}/log/failure`}>First failure</a>
        )}
        <a class="button" href={`${base}/log/end`}>End</a>
        <button id="wrap" type="button" aria-pressed="false" hidden>
          Wrap
        </button>
        <a class="button" href={`${base}/log`} download>Download</a>
        {first > 1 && (
          <a
            class="log-pages"
            href={`${base}?line=${Math.max(1, first - pageLines)}#log`}
          >
            ← Lines before
          </a>
        )}
        {hasMore && (
          <a class="log-pages" href={`${base}?line=${first + pageLines}#log`}>
            Lines after →
          </a>
        )}
      </div>
      <div
        id="log"
        class="log"
        tabindex={0}
        role="region"
        aria-label="Log"
        data-base={`${base}/log`}
        data-bytes={String(run.logBytes)}
      >
        <LogLines lines={lines} />
      </div>
    </section>
  );
}
