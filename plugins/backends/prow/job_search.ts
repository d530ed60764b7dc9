import * as z from "zod";
import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import { jobTypes } from "./execution_type.ts";
import type { Job, JobDefinition } from "./job.ts";

/** What to look for in the catalogue. Every field narrows. */
export type JobSearch = {
  /** Part of the name, whatever its case. */
  readonly name?: string | undefined;
  readonly type?: Job["type"] | undefined;
  readonly org?: string | undefined;
  /** `repo` or `org/repo`. */
  readonly repo?: string | undefined;
};

/** A page of jobs; `next` is the cursor of the following one. */
export type JobPage = {
  readonly jobs: readonly Job[];
  readonly next: string | null;
};

/** Where a page ends: the key of its last job. */
const keySchema = z.tuple([z.string(), z.string(), z.string(), z.int()]);

/**
 * The jobs that match, by name, type and repository.
 *
 * @throws ApiError `invalid` for a cursor that is none.
 */
export async function searchJobs(
  database: Database,
  search: JobSearch,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<JobPage> {
  const after = page.cursor === undefined
    ? nothing
    : isAfter(readCursor(page.cursor));
  const rows = await database.query(sql`
    select position, type, org_repo, name, source, definition from prow_job
    where 1 = 1 ${conditions(search)} ${after}
    order by name, type, org_repo, position
    limit ${page.limit + 1}`);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    jobs: shown.flatMap(toJob),
    next: rows.length > page.limit && last ? writeCursor(last) : null,
  };
}

/** Every job of a name. */
export async function jobsNamed(
  database: Database,
  name: string,
): Promise<Job[]> {
  const rows = await database.query(sql`
    select type, org_repo, source, definition from prow_job
    where name = ${name} order by type, org_repo, position`);
  return rows.flatMap(toJob);
}

function conditions({ name, type, org, repo }: JobSearch): Statement {
  const all = [
    name && sql`and instr(lower(name), lower(${name})) > 0`,
    type && sql`and type = ${type}`,
    org &&
    sql`and substr(org_repo, 1, length(${org}) + 1) = ${`${org}/`}`,
    repo &&
    sql`and (org_repo = ${repo} or substr(org_repo, -length(${`/${repo}`})) = ${`/${repo}`})`,
  ].filter((each) => typeof each === "object");
  return all.reduce((one, other) => sql`${one} ${other}`, nothing);
}

function isAfter(key: z.output<typeof keySchema>): Statement {
  const [name, type, orgRepo, position] = key;
  return sql`and (name, type, org_repo, position) > (${name}, ${type}, ${orgRepo}, ${position})`;
}

/** Opaque to the caller, so that what it holds may change. */
function writeCursor({ name, type, org_repo, position }: Row): string {
  const key = JSON.stringify([name, type, org_repo, position]);
  return new TextEncoder().encode(key).toBase64({ alphabet: "base64url" });
}

function readCursor(cursor: string): z.output<typeof keySchema> {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    return keySchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    throw new ApiError(
      "invalid",
      "Cannot read the cursor: use `next` of the page before, unchanged",
    );
  }
}

/** A row holds what an import wrote. */
function toJob(row: Row): Job[] {
  const type = jobTypes.find((each) => each === row.type);
  if (type === undefined) return [];
  return [{
    type,
    orgRepo: String(row.org_repo),
    source: String(row.source),
    definition: JSON.parse(String(row.definition)) as JobDefinition,
  }];
}
