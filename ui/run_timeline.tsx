import type { Attempt } from "../core/attempt.ts";
import { isEnd, type Run } from "../core/run.ts";
import { sizeText } from "./kit/size.ts";
import { State } from "./kit/state.tsx";
import { Name } from "./kit/text.tsx";
import { duration, Time } from "./kit/time.tsx";

/** How attempts end, in words. */
const endings = {
  lost: "lost: its runner fell silent",
  not_taken_up: "never taken up by its runner",
  released: "given back by its runner, undone",
  temporary: "failed for now",
  ended: "ended",
} as const satisfies Record<NonNullable<Attempt["ending"]>, string>;

/** What a run went through, attempt by attempt. Runners are named to who is signed in. */
export function Timeline(
  { run, attempts, namesRunners, now }: {
    run: Run;
    attempts: readonly Attempt[];
    namesRunners: boolean;
    now: number;
  },
) {
  const { createdAt, queuedAt, notBefore, startedAt, finishedAt } = run;
  const isWaiting = run.state === "queued" && queuedAt > createdAt;
  const current = attempts.at(-1);
  return (
    <section aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <ol class="timeline">
        <li>
          Asked for <Time at={createdAt} now={now} />
        </li>
        {attempts.map((attempt) => (
          <li>
            <AttemptLine
              run={run}
              attempt={attempt}
              isLatest={attempt === current}
              namesRunners={namesRunners}
              now={now}
            />
          </li>
        ))}
        {isWaiting && (
          <li>
            Back in its queue <Time at={queuedAt} now={now} />
          </li>
        )}
        {run.state === "scheduled" && notBefore !== null && (
          <li>
            To be tried again <Time at={notBefore} now={now} />
          </li>
        )}
        {run.cancelRequestedAt !== null && (
          <li>
            Cancel asked for <Time at={run.cancelRequestedAt} now={now} />
          </li>
        )}
        <li>
          <State state={run.state} />
          {finishedAt !== null && (
            <>
              {" "}
              <Time at={finishedAt} now={now} />
            </>
          )}
          {startedAt !== null && (
            <>
              {", "}
              {duration(Math.max(0, (finishedAt ?? now) - startedAt))}
              {finishedAt === null && " so far"}
            </>
          )}
        </li>
      </ol>
    </section>
  );
}

function AttemptLine(
  { run, attempt, isLatest, namesRunners, now }: {
    run: Run;
    attempt: Attempt;
    isLatest: boolean;
    namesRunners: boolean;
    now: number;
  },
) {
  const { number, runner, claimedAt, startedAt, endedAt, ending } = attempt;
  // The last line tells how the run ended.
  const isSetback = ending !== null &&
    !(ending === "ended" && isEnd(run.state));
  return (
    <>
      Attempt {number}
      {claimedAt !== null && (
        <>
          {" claimed "}
          {namesRunners && runner !== null && (
            <>
              by <Name text={runner} />
              {" "}
            </>
          )}
          <Time at={claimedAt} now={now} />
        </>
      )}
      {startedAt !== null && (
        <>
          {claimedAt === null ? " " : ", "}started{" "}
          <Time at={startedAt} now={now} />
        </>
      )}
      {isLatest && ending !== "released" && startedAt !== null &&
        `, after ${
          duration(Math.max(0, startedAt - run.queuedAt))
        } in the queue`}
      {isSetback && (
        <>
          ; {endings[ending]}
          {endedAt !== null && (
            <>
              {" "}
              <Time at={endedAt} now={now} />
            </>
          )}
          {ending === "temporary" && attempt.message !== null && (
            <>
              {": "}
              <Name text={attempt.message} />
            </>
          )}
        </>
      )}
      {attempt.logBytes > 0 && number !== run.attempt && (
        <>
          {" · "}
          <a href={`/runs/${run.number}?attempt=${number}#log-title`}>
            Log of attempt {number}
          </a>{" "}
          <small>{sizeText(attempt.logBytes)}</small>
        </>
      )}
    </>
  );
}
