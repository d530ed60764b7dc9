import * as z from "zod";
import type { AuditFilter, AuditLine } from "../../core/audit.ts";
import type { Typed } from "../kit/mod.ts";
import { dayFault, readDay } from "../run_filter.ts";

/** What the form of `/admin/audit` may say. */
const fields = [
  "principal",
  "action",
  "target",
  "outcome",
  "since",
  "until",
] as const;

const maxLength = 200;
const dayMs = 86_400_000;

/** The form as it was typed, and which lines it means. */
export type ReadAuditFilter = {
  readonly typed: Typed;
  readonly filter: Omit<AuditFilter, "limit">;
};

const place = z.string().regex(/^\d{1,15}\.\d{1,15}$/).transform((text) => {
  const [at, id] = text.split(".");
  return { at: Number(at), id: Number(id) };
});

/** Reads the query of `/admin/audit`. */
export function readAuditFilter(
  query: Readonly<Record<string, string>>,
): ReadAuditFilter {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const value = Object.hasOwn(query, field) ? query[field]?.trim() : "";
    if (value) values[field] = value.slice(0, maxLength);
  }
  const { principal, action, target, outcome, since, until } = values;
  const from = readDay(since, 0);
  const to = readDay(until, dayMs);
  const before = place.safeParse(query.before).data;
  const isFaulty = principal !== undefined && !isPrincipal(principal);
  return {
    typed: {
      values,
      faults: {
        ...isFaulty &&
          { principal: "Write user:NAME, group:NAME or operator" },
        ...from === null && { since: dayFault },
        ...to === null && { until: dayFault },
      },
    },
    filter: {
      principal,
      action,
      target,
      outcome,
      from: from ?? undefined,
      to: to ?? undefined,
      before,
    },
  };
}

/** Where a page goes on, as it stands in the URL. */
export function placeText({ at, id }: Pick<AuditLine, "at" | "id">): string {
  return `${at}.${id}`;
}

function isPrincipal(text: string): boolean {
  return text === "operator" || /^(user|group):./s.test(text);
}
