import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AuditPage } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { readAudit } from "../../core/audit.ts";
import { createRouter } from "../../http/router.ts";
import { answerPage, Field, page, type Typed } from "../kit/mod.ts";
import type { PagesParts } from "../parts.ts";
import { placeText, readAuditFilter } from "./audit_filter.ts";
import { auditPath, AuditTable } from "./audit_table.tsx";

/** Lines of a page. */
const pageSize = 100;

/** Lines that are looked at for one page, so that what is rare is as quick as what is not. */
const scanned = 3_000;

/** `/admin/audit`: who changed what, by a filter in the URL. */
export function auditPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page(readAudit, {
    method: "get",
    path: "/admin/audit",
    summary: "A page of the audit, newest first, by a filter",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => showAudit(parts, c));
  return router;
}

async function showAudit(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Response> {
  const { typed, filter } = readAuditFilter(c.req.query());
  const isFaulty = Object.keys(typed.faults).length > 0;
  const found = isFaulty
    ? { lines: [], next: null }
    : await parts.admin.audit.search({ ...filter, limit: pageSize }, scanned);
  const isFirst = filter.before === undefined;
  return answerPage(c, {
    title: "Audit",
    children: (
      <>
        <h1>Audit</h1>
        <FilterForm typed={typed} />
        {!isFaulty && (
          <Lines
            found={found}
            typed={typed}
            isFirst={isFirst}
            now={parts.now()}
          />
        )}
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function Lines({ found, typed, isFirst, now }: {
  found: AuditPage;
  typed: Typed;
  isFirst: boolean;
  now: number;
}) {
  const { lines, next } = found;
  // Less than a page, and yet not all: the rest was not looked at.
  const isCut = next !== null && lines.length < pageSize;
  return (
    <>
      {lines.length === 0
        ? <NoLines isFirst={isFirst} isCut={isCut} />
        : <AuditTable lines={lines} now={now} caption="Newest first" />}
      <nav class="pages" aria-label="Pages">
        {!isFirst && <a href={auditPath(typed.values)}>Newest</a>}
        {next !== null && (
          <a
            rel="next"
            href={auditPath({ ...typed.values, before: placeText(next) })}
          >
            {isCut ? "Look further back →" : "Older →"}
          </a>
        )}
      </nav>
      {isCut && (
        <p>
          <small>
            {scanned} lines were looked through; there are older ones.
          </small>
        </p>
      )}
    </>
  );
}

function NoLines({ isFirst, isCut }: { isFirst: boolean; isCut: boolean }) {
  if (isCut) return <p class="empty">None of those looked at is like this.</p>;
  return (
    <p class="empty">
      {isFirst
        ? "No line is like this. Take something out of the filter, or begin earlier."
        : "No more lines."}
    </p>
  );
}

function FilterForm({ typed }: { typed: Typed }) {
  return (
    <form class="filter" action="/admin/audit" method="get" role="search">
      <Field name="principal" label="Who" typed={typed} hint="user:alice" />
      <Field name="action" label="Action" typed={typed} hint="runs:cancel" />
      <Field name="target" label="Target" typed={typed} hint="group:bots" />
      <Field name="outcome" label="Outcome" typed={typed} hint="forbidden" />
      <Field
        name="since"
        label="Since (UTC)"
        typed={typed}
        hint="2026-01-31"
      />
      <Field
        name="until"
        label="Until (UTC)"
        typed={typed}
        hint="2026-01-31"
      />
      <button type="submit">Filter</button>
      <a href="/admin/audit">Reset</a>
    </form>
  );
}
