import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import type { Attempt } from "../core/attempt.ts";
import type { Description } from "../core/backend.ts";
import { isEnd, type Run } from "../core/run.ts";
import { PostForm } from "./kit/form.tsx";
import { Labels } from "./kit/run_table.tsx";
import { runChangesPath } from "./live_routes.ts";
import { State } from "./kit/state.tsx";
import { Name, OutLink } from "./kit/text.tsx";
import { Timeline } from "./run_timeline.tsx";

/** What somebody may do with a run. */
export type RunActions = {
  readonly mayCancel: boolean;
  readonly mayRetry: boolean;
};

/** The upper half of a run's page: kept up to date until the run has ended. */
export function RunFacts(
  { c, run, attempts, namesRunners, description, actions, message, now }: {
    c: Context<AppEnv>;
    run: Run;
    attempts: readonly Attempt[];
    namesRunners: boolean;
    description: Description;
    actions: RunActions;
    /** Why it is in its state. */
    message: string | null;
    now: number;
  },
) {
  // Without what the query asks of the log.
  const live = isEnd(run.state) ? {} : {
    "data-live": "",
    "data-live-from": `/runs/${run.number}`,
    "data-changes": runChangesPath(run),
  };
  return (
    <div id="run" {...live}>
      <p>
        <State state={run.state} />
        {message !== null && (
          <>
            {" "}
            <Name text={message} />
          </>
        )}
      </p>
      <Actions c={c} run={run} actions={actions} />
      <div class="columns">
        <Facts run={run} description={description} />
        <Timeline
          run={run}
          attempts={attempts}
          namesRunners={namesRunners}
          now={now}
        />
      </div>
    </div>
  );
}

function Actions(
  { c, run, actions }: {
    c: Context<AppEnv>;
    run: Run;
    actions: RunActions;
  },
) {
  const canCancel = actions.mayCancel && !isEnd(run.state);
  const canRetry = actions.mayRetry && isEnd(run.state);
  if (!canCancel && !canRetry) return null;
  return (
    <div class="actions">
      {canCancel && run.cancelRequestedAt === null && (
        <PostForm c={c} action={`/runs/${run.number}/cancel`}>
          <button type="submit">Cancel</button>
        </PostForm>
      )}
      {canCancel && run.cancelRequestedAt !== null &&
        <span>Its runner was told to stop.</span>}
      {canRetry && (
        <PostForm c={c} action={`/runs/${run.number}/retry`} once>
          <button type="submit">Retry</button>
        </PostForm>
      )}
    </div>
  );
}

function Facts(
  { run, description }: { run: Run; description: Description },
) {
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl>
        {description.facts.map(({ name, value }) => (
          <>
            <dt>
              <Name text={name} />
            </dt>
            <dd>
              <Name text={value} />
            </dd>
          </>
        ))}
        <dt>Owner</dt>
        <dd>
          <a href={`/runs?${new URLSearchParams({ owner: run.owner.name })}`}>
            <Name text={run.owner.name} />
          </a>
          {run.isPrivate && <small class="tag">private</small>}
        </dd>
        <dt>Queue</dt>
        <dd>
          <Labels labels={run.labels} />
        </dd>
        <dt>Others like it</dt>
        <dd>
          <a href={`/runs?${new URLSearchParams({ job: run.job })}`}>
            History of <Name text={run.job} />
          </a>
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{run.id}</code>
        </dd>
        {description.links.length > 0 && (
          <>
            <dt>Links</dt>
            <dd>
              {description.links.map((link, at) => (
                <>
                  {at > 0 && " · "}
                  <OutLink {...link} />
                </>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
