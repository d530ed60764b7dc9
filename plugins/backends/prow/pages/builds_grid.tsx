import type { RunSummary } from "../../../../core/run.ts";
import { duration, Name, relative, stateSign } from "../../../../ui/kit/mod.ts";
import { type Builds, type Figures, revisionOf, sampleSize } from "./builds.ts";
import { jobPath } from "./job_path.ts";

/** A job's builds, a square each, with how they went together. */
export function BuildsSection(
  { job, builds, now }: { job: string; builds: Builds; now: number },
) {
  const { shown, figures } = builds;
  return (
    <section aria-labelledby="builds-title">
      <h2 id="builds-title">Builds</h2>
      <FiguresLine figures={figures} />
      {shown.length === 0 ? <NoBuilds job={job} figures={figures} /> : (
        <>
          <ol class="builds" aria-label="Builds, newest first">
            {shown.map((run) => <Build run={run} now={now} />)}
          </ol>
          <Pages job={job} builds={builds} />
        </>
      )}
    </section>
  );
}

function FiguresLine({ figures }: { figures: Figures }) {
  const { sampled, judged, passed, medianMs } = figures;
  if (judged === 0) return null;
  return (
    <p>
      <strong>{Math.floor(passed / judged * 1000) / 10} %</strong>{" "}
      passed ({passed} of {judged} with a result)
      {medianMs !== null && <>{" · "}half take at most {duration(medianMs)}</>}
      {" "}
      <small>
        {sampled < sampleSize
          ? "Of all builds that you may see."
          : `Of the newest ${sampleSize} builds.`}
      </small>
    </p>
  );
}

/** What a pointer or the focus brings up is what is read aloud, and covers nothing. */
function Build({ run, now }: { run: RunSummary; now: number }) {
  const { number, state, startedAt, finishedAt, createdAt } = run;
  const tookMs = startedAt === null
    ? null
    : Math.max(0, (finishedAt ?? now) - startedAt);
  const revision = revisionOf(run);
  return (
    <li>
      <a href={`/runs/${number}`} class={state}>
        <span aria-hidden="true">{stateSign(state)}</span>
        <span class="tip">
          #{number} {state}
          {tookMs !== null &&
            ` ${finishedAt === null ? "for" : "in"} ${duration(tookMs)}`}
          {`, ${relative(createdAt, now)}`}
          {revision !== "" && (
            <>
              , <Name text={revision} />
            </>
          )}
        </span>
      </a>
    </li>
  );
}

function Pages({ job, builds }: { job: string; builds: Builds }) {
  const { shown, hasNewer, hasOlder } = builds;
  const [first, last] = [shown[0]?.number, shown.at(-1)?.number];
  const path = jobPath(job);
  const list = new URLSearchParams({ backend: "prow", job });
  return (
    <nav class="pages" aria-label="Pages of builds">
      {hasNewer && <a rel="prev" href={`${path}?above=${first}`}>← Newer</a>}
      {hasNewer && <a href={path}>Newest</a>}
      {hasOlder && <a rel="next" href={`${path}?before=${last}`}>Older →</a>}
      <a href={`/runs?${list}`}>As a list, with filters</a>
    </nav>
  );
}

function NoBuilds({ job, figures }: { job: string; figures: Figures }) {
  if (figures.sampled > 0) {
    return (
      <p class="empty">
        No more builds. <a href={jobPath(job)}>Back to the newest</a>
      </p>
    );
  }
  return (
    <p class="empty">
      No build yet that you may see. The form below makes one, for who may run
      the job, and so does the <a href="/docs">API</a>.
    </p>
  );
}
