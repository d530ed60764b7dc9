import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { seesPrivate } from "../../core/access.ts";
import type { RunnerFacts, Share } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { isWithin } from "../../core/limit.ts";
import { allows } from "../../core/permission.ts";
import type { Principal } from "../../core/principal.ts";
import { createRouter } from "../../http/router.ts";
import { answerPage, Labels, Name, page, Time } from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { accountPath } from "./account_path.ts";
import { type QueueFacts, toQueueFacts } from "./queue_facts.ts";
import { runnerPath } from "./runner_forms.tsx";
import { listedMs } from "./runner_state.ts";

/** Queues of the page: the longest. */
const shown = 100;

/** Owners that are named for each queue, and runners. */
const named = 3;

/** Runners that are looked at. */
const maxRunners = 1_000;

/** `/admin/queues`: who waits for what, and whether anybody comes. */
export function queuesPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("runs:admin", {
    method: "get",
    path: "/admin/queues",
    summary: "Queues, whose runs are in them, and who serves them",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showQueues(parts, c));
  return router;
}

async function showQueues(
  { admin, data, now }: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const reader = c.var.principal;
  const [queues, shares, runners, inHand] = await Promise.all([
    data.queues(),
    maySeeOwners(reader) ? admin.load.shares(named) : [],
    admin.runners.list(now() - listedMs, maxRunners),
    admin.load.inHand(),
  ]);
  const readable = queues.filter(({ labels: { backend = "" } }) =>
    isWithin(
      reader.limits.map(({ backends }) => ({ backends })),
      { backend, job: "" },
    )
  );
  const facts = toQueueFacts({
    queues: readable.slice(0, shown),
    shares,
    runners,
    inHand,
    now: now(),
  });
  return answerPage(c, {
    title: "Queues",
    children: (
      <>
        <h1>Queues</h1>
        <Unserved facts={facts} />
        {facts.length === 0 ? <p class="empty">Nothing waits.</p> : (
          <QueueTable
            facts={facts}
            hasMore={readable.length > shown}
            reader={reader}
            now={now()}
          />
        )}
      </>
    ),
  });
}

/** A count of somebody's runs tells of private ones as well. */
function maySeeOwners(reader: Principal): boolean {
  return seesPrivate(reader) && reader.limits.length === 0;
}

function Unserved({ facts }: { facts: readonly QueueFacts[] }) {
  const unserved = facts.filter(({ served }) => served.length === 0);
  if (unserved.length === 0) return null;
  const length = unserved.reduce((sum, { length }) => sum + length, 0);
  return (
    <p class="alarm" role="alert">
      {unserved.length === 1 ? "1 queue has" : `${unserved.length} queues have`}
      {" "}
      no runner: {length === 1 ? "its run waits" : `${length} runs wait`}{" "}
      for ever unless one comes.
    </p>
  );
}

function QueueTable({ facts, hasMore, reader, now }: {
  facts: readonly QueueFacts[];
  hasMore: boolean;
  reader: Principal;
  now: number;
}) {
  const caption = hasMore ? `The ${shown} longest` : "The longest first";
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Queues">
      <table class="wide">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col">Length</th>
            <th scope="col">Oldest asked for</th>
            <th scope="col">Most are of</th>
            <th scope="col">Runners</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((queue) => (
            <Row
              queue={queue}
              reader={reader}
              now={now}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ queue, reader, now }: {
  queue: QueueFacts;
  reader: Principal;
  now: number;
}) {
  const { labels, length, oldestAt } = queue;
  // What the list cannot be filtered by, it leaves alone.
  const waiting = `/runs?${new URLSearchParams({
    ...labels,
    state: "queued",
  })}`;
  return (
    <tr>
      <th scope="row">
        <Labels labels={labels} />
      </th>
      <td>
        <a href={waiting} title="The runs that wait, to be cancelled">
          {length}
        </a>
      </td>
      <td>
        <Time at={oldestAt} now={now} />
      </td>
      <td>
        <Owners queue={queue} reader={reader} />
      </td>
      <td>
        <Servers
          queue={queue}
          isLinked={allows(reader.permissions, "runners:manage")}
        />
      </td>
    </tr>
  );
}

function Owners(
  { queue: { shares, owners, length }, reader }: {
    queue: QueueFacts;
    reader: Principal;
  },
) {
  if (!maySeeOwners(reader)) return <>not shown to you</>;
  const others = owners - shares.length;
  return (
    <>
      {shares.map((share) => (
        <div>
          <Owner
            share={share}
            isLinked={allows(reader.permissions, "accounts:manage")}
          />{" "}
          {share.length} ({Math.round(share.length / length * 100)} %)
        </div>
      ))}
      {others > 0 && (
        <small>
          {others} {others === 1 ? "other" : "others"}
        </small>
      )}
    </>
  );
}

function Owner({ share, isLinked }: { share: Share; isLinked: boolean }) {
  const { kind, owner: { name } } = share;
  if (!isLinked) return <Name text={name} />;
  return (
    <a href={accountPath({ kind, name })}>
      <Name text={name} />
    </a>
  );
}

function Servers(
  { queue, isLinked }: { queue: QueueFacts; isLinked: boolean },
) {
  const { served, paused, silent, missing } = queue;
  return (
    <>
      {served.length === 0
        ? (
          <strong class="failed">
            None: {whyNone(queue, Object.keys(missing).length > 0)}
          </strong>
        )
        : (
          <div>
            {served.length}: <Runners all={served} isLinked={isLinked} />
          </div>
        )}
      {served.length === 0 && paused.length + silent.length === 0 && (
        <div>
          missing: <Labels labels={missing} />
        </div>
      )}
      {paused.length > 0 && (
        <div>
          paused: <Runners all={paused} isLinked={isLinked} />
        </div>
      )}
      {silent.length > 0 && (
        <div>
          silent: <Runners all={silent} isLinked={isLinked} />
        </div>
      )}
    </>
  );
}

function whyNone({ paused, silent }: QueueFacts, lacks: boolean): string {
  if (paused.length > 0) return "all that could are paused";
  if (silent.length > 0) return "all that could are silent";
  return lacks ? "no runner offers this" : "no runner is at work";
}

function Runners(
  { all, isLinked }: { all: readonly RunnerFacts[]; isLinked: boolean },
) {
  return (
    <>
      {all.slice(0, named).map(({ id, name }, at) => (
        <>
          {at > 0 && ", "}
          {isLinked
            ? (
              <a href={runnerPath(id)}>
                <Name text={name} />
              </a>
            )
            : <Name text={name} />}
        </>
      ))}
      {all.length > named && ` and ${all.length - named} more`}
    </>
  );
}
