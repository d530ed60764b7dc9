import type { Child } from "hono/jsx";
import type { Context } from "hono";
import type { AppEnv } from "../../core/app_env.ts";
import type { RunSummary } from "../../core/run.ts";
import { PostForm } from "../kit/form.tsx";
import { RunTable } from "../kit/run_table.tsx";
import { Name } from "../kit/text.tsx";
import {
  type BulkAction,
  type BulkPlan,
  type LeftOut,
  maxRuns,
} from "./plan.ts";

/** Rows that are shown; what is done is done to all. */
const maxListed = 50;

/** What would be done, with the button that does it. */
export function Preview(
  { c, plan, now, listPath }: {
    c: Context<AppEnv>;
    plan: BulkPlan;
    now: number;
    listPath: string;
  },
) {
  const { action, touched, leftOut, others, hasMore } = plan;
  const verb = action === "cancel" ? "Cancel" : "Retry";
  return (
    <>
      <h1>{verb} runs</h1>
      {touched.length === 0 && <NothingToDo action={action} />}
      {hasMore && (
        <p>
          There are more: at most {maxRuns}{" "}
          are taken at a time, the newest first. Come back for the rest.
        </p>
      )}
      {others > 0 && (
        <p>
          {others === maxRuns ? `At least ${others}` : others}{" "}
          of other people fit the filter too and are left out: only they and
          administrators {action} them.
        </p>
      )}
      {touched.length > 0 && (
        <>
          <PostForm c={c} action={`/runs/bulk/${action}`} class="actions" once>
            {touched.map(({ number }) => (
              <input type="hidden" name="run" value={String(number)} />
            ))}
            <button type="submit">{verb} {runsText(touched.length)}</button>
            <a href={listPath}>Back to the list</a>
          </PostForm>
          <Rows runs={touched} now={now} what={`To ${action}`} />
        </>
      )}
      {touched.length === 0 && (
        <p>
          <a href={listPath}>Back to the list</a>
        </p>
      )}
      <LeftOutRuns leftOut={leftOut} />
    </>
  );
}

/** What was done, as the runs are now. */
export function Report(
  { action, done, leftOut, now }: {
    action: BulkAction;
    done: readonly RunSummary[];
    leftOut: readonly LeftOut[];
    now: number;
  },
) {
  const told =
    done.filter(({ state }) => state === "claimed" || state === "running")
      .length;
  return (
    <>
      <h1>
        {action === "cancel"
          ? `${runsText(done.length)} cancelled`
          : `${runsText(done.length)} asked for again`}
      </h1>
      {action === "cancel" && told > 0 && (
        <p>
          Of these, {told}{" "}
          are with a runner, which was told to stop; they end soon.
        </p>
      )}
      <p>
        <a href="/runs">All runs</a>
      </p>
      {done.length > 0 && (
        <Rows
          runs={done}
          now={now}
          what={action === "cancel" ? "As they are now" : "The new runs"}
        />
      )}
      <LeftOutRuns leftOut={leftOut} />
    </>
  );
}

function NothingToDo({ action }: { action: BulkAction }): Child {
  return (
    <p class="empty">
      {action === "cancel"
        ? "None of these runs can be cancelled: tick runs of yours that are not over, or choose another filter."
        : "None of these runs can be retried: tick runs of yours that are over, or choose another filter."}
    </p>
  );
}

function Rows(
  { runs, now, what }: {
    runs: readonly RunSummary[];
    now: number;
    what: string;
  },
) {
  const caption = runs.length > maxListed
    ? `${what}: the newest ${maxListed} of ${runs.length}`
    : `${what}: ${runs.length}`;
  return (
    <RunTable runs={runs.slice(0, maxListed)} now={now} caption={caption} />
  );
}

function LeftOutRuns({ leftOut }: { leftOut: readonly LeftOut[] }) {
  if (leftOut.length === 0) return null;
  return (
    <section aria-labelledby="left-out-title">
      <h2 id="left-out-title">
        Left out <small>{leftOut.length}</small>
      </h2>
      <ul>
        {leftOut.slice(0, maxListed).map(({ number, job, why }) => (
          <li>
            {job === null ? `#${number}` : (
              <a href={`/runs/${number}`}>
                #{number} <Name text={job} />
              </a>
            )}: <Name text={why} />
          </li>
        ))}
      </ul>
      {leftOut.length > maxListed && (
        <p>And {leftOut.length - maxListed} more.</p>
      )}
    </section>
  );
}

function runsText(count: number): string {
  return count === 1 ? "1 run" : `${count} runs`;
}
