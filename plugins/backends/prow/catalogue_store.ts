import {
  type Database,
  type Row,
  sql,
  type Statement,
} from "../../../core/database.ts";
import type { JobType } from "./execution_type.ts";
import type { Job, JobDefinition } from "./job.ts";

/** What an import did, each entry the readable name of a job. */
export type ImportSummary = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
};

/** Jobs per statement, so that no bound value gets too large. */
const jobsPerStatement = 200;

/**
 * What an import of the jobs would do. Writes nothing; no database, or one
 * that was never migrated, counts as empty.
 */
export async function compareCatalogue(
  database: Database | null,
  jobs: readonly Job[],
): Promise<ImportSummary> {
  const before = database === null ? new Map() : await storedTexts(database);
  const after = new Map(jobs.map((job) => [titleOf(job), textOf(job)]));
  const kept = [...after.keys()].filter((title) => before.has(title));
  const changed = kept.filter((title) =>
    before.get(title) !== after.get(title)
  );
  return {
    added: [...after.keys()].filter((title) => !before.has(title)),
    changed,
    removed: [...before.keys()].filter((title) => !after.has(title)),
    unchanged: kept.length - changed.length,
  };
}

/** Replaces the whole catalogue, at once or not at all. */
export async function importCatalogue(
  database: Database,
  jobs: readonly Job[],
  now: () => number,
): Promise<ImportSummary> {
  const summary = await compareCatalogue(database, jobs);
  const statements = [sql`delete from prow_job`];
  for (let from = 0; from < jobs.length; from += jobsPerStatement) {
    const part = jobs.slice(from, from + jobsPerStatement);
    statements.push(insertJobs(part, from, now()));
  }
  await database.batch(statements);
  return summary;
}

/** Whether nothing has been imported yet. */
export async function catalogueIsEmpty(database: Database): Promise<boolean> {
  const rows = await database.query(sql`select 1 from prow_job limit 1`);
  return rows.length === 0;
}

/** The jobs of one name in one place, in the order of the import. Several differ in their branches. */
export async function findJobs(
  database: Database,
  type: JobType,
  orgRepo: string,
  name: string,
): Promise<JobDefinition[]> {
  const rows = await database.query(sql`
    select definition from prow_job
    where name = ${name} and type = ${type} and org_repo = ${orgRepo}
    order by position`);
  return rows.map(definitionOf);
}

function insertJobs(
  jobs: readonly Job[],
  firstPosition: number,
  now: number,
): Statement {
  const rows = jobs.map((job, index) => ({
    position: firstPosition + index,
    type: job.type,
    orgRepo: job.orgRepo,
    name: job.definition.name,
    source: job.source,
    org: job.orgRepo.slice(0, Math.max(0, job.orgRepo.lastIndexOf("/"))),
    cluster: job.definition.cluster,
    agent: job.definition.agent,
    tenant: job.definition.prowjob_defaults?.tenant_id ?? "",
    definition: textOf(job),
  }));
  return sql`
    insert into prow_job (
      position, type, org_repo, name, source, org, cluster, agent, tenant, definition, imported_at)
    select value ->> 'position', value ->> 'type', value ->> 'orgRepo', value ->> 'name',
      value ->> 'source', value ->> 'org', value ->> 'cluster', value ->> 'agent', value ->> 'tenant',
      value ->> 'definition', ${now}
    from json_each(${JSON.stringify(rows)})`;
}

/** The definitions of the catalogue as they are stored, by title. */
async function storedTexts(
  database: Database,
): Promise<ReadonlyMap<string, string>> {
  const tables = await database.query(
    sql`select 1 from sqlite_master where type = 'table' and name = 'prow_job'`,
  );
  if (tables.length === 0) return new Map();
  const rows = await database.query(
    sql`select type, org_repo, definition from prow_job`,
  );
  return new Map(
    rows.map((row) => [
      titleOf({
        type: String(row.type),
        orgRepo: String(row.org_repo),
        definition: definitionOf(row),
      }),
      String(row.definition),
    ]),
  );
}

/** What tells a job from all others, for people to read: type, name, place and branches. */
function titleOf({ type, orgRepo, definition }: {
  readonly type: string;
  readonly orgRepo: string;
  readonly definition: JobDefinition;
}): string {
  const { name, branches, skip_branches: skipBranches } = definition;
  const place = orgRepo === "" ? "" : ` of ${orgRepo}`;
  const only = branches?.length ? ` on ${branches.join(", ")}` : "";
  const not = skipBranches?.length ? ` not on ${skipBranches.join(", ")}` : "";
  return `${type} ${name}${place}${only}${not}`;
}

function textOf({ definition }: Job): string {
  return JSON.stringify(definition);
}

/** A row holds what `insertJobs` wrote. */
function definitionOf(row: Row): JobDefinition {
  return JSON.parse(String(row.definition)) as JobDefinition;
}
