import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { RunnerFacts } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { type AuditLine, readAudit } from "../../core/audit.ts";
import { ApiError } from "../../core/error.ts";
import { allows, type Permission } from "../../core/permission.ts";
import type { Principal } from "../../core/principal.ts";
import type { RunSummary } from "../../core/run.ts";
import { createRouter } from "../../http/router.ts";
import {
  answerPage,
  Name,
  page,
  PostForm,
  readPageForm,
  RunTable,
  seeOther,
  Time,
  visible,
} from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { auditPath, AuditTable } from "./audit_table.tsx";
import { RunnerForms, runnerPath } from "./runner_forms.tsx";
import { doingOf, meanings, offerText } from "./runner_state.ts";

/** Runs in hand that are shown. */
const shownRuns = 100;

const shownLines = 10;

const request = { params: z.object({ id: z.string() }) };

const summaries = {
  pause: "Gives a runner nothing new",
  resume: "Gives a paused runner work again",
  revoke: "Shuts a runner out for good",
} as const;

/** `/admin/runners/ID` and its forms. */
export function runnerPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("runners:manage", {
    method: "get",
    path: "/admin/runners/{id}",
    summary: "One runner",
    request,
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showRunner(parts, c));
  for (const verb of ["pause", "resume", "revoke"] as const) {
    const action: Permission = `runners:${verb}`;
    const form = page("runners:manage", {
      method: "post",
      path: `/admin/runners/{id}/${verb}`,
      summary: summaries[verb],
      request,
      responses: {
        303: { description: "It is changed" },
        404: { description: "There is no such runner" },
      },
    }, { action });
    router.openapi(form, async (c) => {
      const fields = await readPageForm(c);
      const id = c.req.param("id");
      const runner = await parts.admin.runners.change(id, verb);
      if (runner === null) throw noRunner();
      return seeOther(
        fields.get("then") === "list" ? "/admin/runners" : runnerPath(id),
      );
    });
  }
  return router;
}

/** What was asked for may be a token, so it is not repeated. */
function noRunner(): ApiError {
  return new ApiError(
    "not_found",
    "Cannot find the runner: there is none of this id; /admin/runners lists them",
  );
}

async function showRunner(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const runner = await parts.admin.runners.find(c.req.param("id") ?? "");
  if (runner === null) throw noRunner();
  const { inHand, runs, lines } = await readKnown(
    parts,
    runner.id,
    c.var.principal,
  );
  const now = parts.now();
  return answerPage(c, {
    title: visible(runner.name),
    scripts: ["live.js"],
    refreshSeconds: 30,
    children: (
      <>
        <h1>
          <Name text={runner.name} />
        </h1>
        <div id="live" data-live>
          <Facts runner={runner} inHand={inHand} now={now} />
          <InHand runs={runs} inHand={inHand} now={now} />
        </div>
        <Changes c={c} runner={runner} />
        {lines && <Audit lines={lines} id={runner.id} now={now} />}
      </>
    ),
  });
}

/** What a runner has in hand, and what was done to it; no lines for who may not read the audit. */
async function readKnown(
  { admin: { load, audit } }: PagesParts,
  id: string,
  reader: Principal,
) {
  const [inHand, runs, found] = await Promise.all([
    load.inHand(),
    allows(reader.permissions, "runs:read")
      ? load.runsOf(id, reader, shownRuns)
      : [],
    allows(reader.permissions, readAudit)
      ? audit.search({ target: id, limit: shownLines }, shownLines * 2)
      : null,
  ]);
  return { inHand: inHand.get(id) ?? 0, runs, lines: found?.lines };
}

function Facts({ runner, inHand, now }: {
  runner: RunnerFacts;
  inHand: number;
  now: number;
}) {
  const doing = doingOf(runner, inHand, now);
  return (
    <>
      <p role="status">
        <span class={`doing ${doing}`}>{doing}</span> {meanings[doing]}
        {doing === "draining" && ` ${inHand} still to go.`}
      </p>
      <dl>
        <dt>Id</dt>
        <dd>
          <Name text={runner.id} />
        </dd>
        <dt>Version</dt>
        <dd>
          <Name text={runner.version} />
        </dd>
        <dt>Offers</dt>
        <dd>
          {runner.offers.map((offer) => (
            <div>
              <Name text={offerText(offer)} />
            </div>
          ))}
        </dd>
        <dt>Asked for work</dt>
        <dd>
          <Time at={runner.seenAt} now={now} />
        </dd>
        <dt>Registered</dt>
        <dd>
          <Time at={runner.registeredAt} now={now} />
        </dd>
      </dl>
    </>
  );
}

function InHand({ runs, inHand, now }: {
  runs: readonly RunSummary[];
  inHand: number;
  now: number;
}) {
  const hidden = inHand - runs.length;
  return (
    <section aria-labelledby="hand-title">
      <h2 id="hand-title">In hand</h2>
      {inHand === 0 && <p class="empty">Nothing.</p>}
      {runs.length > 0 && (
        <RunTable runs={runs} now={now} caption="Newest first" />
      )}
      {hidden > 0 && (
        <p>
          {runs.length > 0 && "And "}
          {hidden} that {hidden === 1 ? "is" : "are"} not shown to you
        </p>
      )}
    </section>
  );
}

function Changes(
  { c, runner }: { c: Context<AppEnv>; runner: RunnerFacts },
) {
  if (runner.state === "revoked") {
    return (
      <p>
        A runner that is shut out does not come back. It can register anew, as
        another one, as long as it knows a token that may.
      </p>
    );
  }
  return (
    <section aria-labelledby="change-title">
      <h2 id="change-title">Change</h2>
      <p>
        {runner.state === "paused"
          ? "Resuming gives it work again."
          : "Pausing drains it: it finishes what it has and gets nothing new."}
      </p>
      <RunnerForms c={c} runner={runner} then="runner" />
      <details>
        <summary>Revoke…</summary>
        <p>
          Shuts it out for good, for a machine that is lost or not trusted any
          more: its token is refused, its runs are stopped and go to others.
          Then change the token that it registered with.
        </p>
        <PostForm c={c} action={runnerPath(runner.id, "revoke")}>
          <button type="submit">
            Revoke <Name text={runner.name} />
          </button>
        </PostForm>
      </details>
    </section>
  );
}

function Audit(
  { lines, id, now }: { lines: readonly AuditLine[]; id: string; now: number },
) {
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title">What was done to it</h2>
      <AuditTable lines={lines} now={now} caption="Newest first" />
      <p>
        <a href={auditPath({ target: id })}>All of it in the audit</a>
      </p>
    </section>
  );
}
