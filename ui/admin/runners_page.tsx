import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { RunnerFacts } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { createRouter } from "../../http/router.ts";
import { answerPage, Name, page, Time } from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { RunnerForms, runnerPath } from "./runner_forms.tsx";
import { doingOf, listedMs, meanings, offerText } from "./runner_state.ts";

/** Runners of the page: those that were seen last. */
const shown = 200;

/** `/admin/runners`: who works, and what becomes of them. */
export function runnersPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("runners:manage", {
    method: "get",
    path: "/admin/runners",
    summary: "The runners, the one that was seen last first",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showRunners(parts, c));
  return router;
}

async function showRunners(
  { admin, now }: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const areAll = c.req.query("all") === "1";
  const [runners, inHand] = await Promise.all([
    // One more tells that there are others.
    admin.runners.list(areAll ? null : now() - listedMs, shown + 1),
    admin.load.inHand(),
  ]);
  return answerPage(c, {
    title: "Runners",
    children: (
      <>
        <h1>Runners</h1>
        {runners.length === 0 ? <NoRunners areAll={areAll} /> : (
          <RunnerTable
            c={c}
            runners={runners}
            inHand={inHand}
            now={now()}
          />
        )}
        <p>
          {areAll
            ? <a href="/admin/runners">Only those seen within a week</a>
            : (
              <a href="/admin/runners?all=1">
                Also those not seen for a week
              </a>
            )}
        </p>
      </>
    ),
  });
}

function RunnerTable({ c, runners, inHand, now }: {
  c: Context<AppEnv>;
  runners: readonly RunnerFacts[];
  inHand: ReadonlyMap<string, number>;
  now: number;
}) {
  const caption = runners.length > shown
    ? `The ${shown} that were seen last; there are more`
    : "Seen last first";
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Runners">
      <table class="wide">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">In hand</th>
            <th scope="col">Offers</th>
            <th scope="col">Version</th>
            <th scope="col">Seen</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {runners.slice(0, shown).map((runner) => (
            <Row
              c={c}
              runner={runner}
              inHand={inHand.get(runner.id) ?? 0}
              now={now}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ c, runner, inHand, now }: {
  c: Context<AppEnv>;
  runner: RunnerFacts;
  inHand: number;
  now: number;
}) {
  const doing = doingOf(runner, inHand, now);
  return (
    <tr>
      <th scope="row">
        <a href={runnerPath(runner.id)}>
          <Name text={runner.name} />
        </a>
      </th>
      <td>
        <span class={`doing ${doing}`} title={meanings[doing]}>{doing}</span>
      </td>
      <td>{inHand === 0 ? "–" : inHand}</td>
      <td>
        {runner.offers.map((offer) => (
          <div>
            <Name text={offerText(offer)} />
          </div>
        ))}
      </td>
      <td>
        <Name text={runner.version} />
      </td>
      <td>
        <Time at={runner.seenAt} now={now} />
      </td>
      <td>
        <RunnerForms c={c} runner={runner} then="list" />
      </td>
    </tr>
  );
}

function NoRunners({ areAll }: { areAll: boolean }) {
  return (
    <div class="empty">
      <p>
        {areAll
          ? "No runner has registered yet."
          : "No runner was seen within a week."}{" "}
        A runner registers itself when it starts. On its machine:
      </p>
      <pre class="trace">
        {"export SLIPWAY_URL=https://… SLIPWAY_RUNNER_TOKEN=…\ndeno task runner"}
      </pre>
      <p>
        The token is the server's{" "}
        <code>SLIPWAY_RUNNER_TOKEN</code>, or one of a group whose role is{" "}
        <code>runner</code>; <code>SLIPWAY_EXECUTORS</code>{" "}
        says what it may carry out.
      </p>
    </div>
  );
}
