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
  /** Part of the name, whatever its case; with `*` or `?` in it all of the name. */
  readonly name?: string | undefined;
  readonly type?: Job["type"] | undefined;
  readonly org?: string | undefined;
  /** `repo` or `org/repo`. */
  readonly repo?: string | undefined;
  readonly cluster?: string | undefined;
  readonly agent?: string | undefined;
};

/** Which page: the first, the one behind `cursor` or, with `before`, the one ahead of it. */
export type JobPlace = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly before?: string | undefined;
};

/** A page of jobs; `next` and `previous` are the cursors of the pages beside it, `previous` as `before`. */
export type JobPage = {
  readonly jobs: readonly Job[];
  readonly next: string | null;
  readonly previous: string | null;
};

/** Where a page ends: the key of its last job. */
const keySchema = z.tuple([z.string(), z.string(), z.string(), z.int()]);

/**
 * The jobs that match, by name, type and repository; of them those of `scope`
 * (`visibleJobs`).
 *
 * @throws ApiError `invalid` for a cursor that is none.
 */
export async function searchJobs(
  database: Database,
  search: JobSearch,
  { limit, cursor, before }: JobPlace,
  scope: Statement = nothing,
): Promise<JobPage> {
  const from = before ?? cursor;
  const beyond = from === undefined
    ? nothing
    : isBeyond(readCursor(from), before === undefined ? ascends : descends);
  const order = before === undefined ? nothing : descending;
  const rows = await database.query(sql`
    select position, type, org_repo, name, source, definition from prow_job
    where 1 = 1 ${conditions(search)} ${scope} ${beyond}
    order by name ${order}, type ${order}, org_repo ${order}, position ${order}
    limit ${limit + 1}`);
  const hasMore = rows.length > limit;
  const shown = rows.slice(0, limit);
  if (before !== undefined) shown.reverse();
  const [first, last] = [shown[0], shown.at(-1)];
  const hasNext = before === undefined ? hasMore : true;
  const hasPrevious = before === undefined ? cursor !== undefined : hasMore;
  return {
    jobs: shown.flatMap(toJob),
    next: hasNext && last ? writeCursor(last) : null,
    previous: hasPrevious && first ? writeCursor(first) : null,
  };
}

/** Every job of a name and of `scope`. */
export async function jobsNamed(
  database: Database,
  name: string,
  scope: Statement = nothing,
): Promise<Job[]> {
  const rows = await database.query(sql`
    select type, org_repo, source, definition from prow_job
    where name = ${name} ${scope} order by type, org_repo, position`);
  return rows.flatMap(toJob);
}

function conditions(
  { name, type, org, repo, cluster, agent }: JobSearch,
): Statement {
  const all = [
    name && isCalled(name),
    type && sql`and type = ${type}`,
    org &&
    sql`and substr(org_repo, 1, length(${org}) + 1) = ${`${org}/`}`,
    repo &&
    sql`and (org_repo = ${repo} or substr(org_repo, -length(${`/${repo}`})) = ${`/${repo}`})`,
    cluster && sql`and cluster = ${cluster}`,
    agent && sql`and agent = ${agent}`,
  ].filter((each) => typeof each === "object");
  return all.reduce((one, other) => sql`${one} ${other}`, nothing);
}

/** `like` looks at letters whatever their case, several times as fast as it is to lower them first. */
function isCalled(name: string): Statement {
  const literal = name.replace(/[%_\\]/g, "\\$&");
  const pattern = /[*?]/.test(name)
    ? literal.replaceAll("*", "%").replaceAll("?", "_")
    : `%${literal}%`;
  return sql`and name like ${pattern} escape '\\'`;
}

const ascends: Statement = { text: ">", values: [] };
const descends: Statement = { text: "<", values: [] };
const descending: Statement = { text: "desc", values: [] };

function isBeyond(
  key: z.output<typeof keySchema>,
  comparison: Statement,
): Statement {
  const [name, type, orgRepo, position] = key;
  return sql`and (name, type, org_repo, position) ${comparison} (${name}, ${type}, ${orgRepo}, ${position})`;
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
