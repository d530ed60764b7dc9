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

/** What an import of the jobs would do. Writes nothing. */
export async function compareCatalogue(
  database: Database,
  jobs: readonly Job[],
): Promise<ImportSummary> {
  const rows = await database.query(
    sql`select type, org_repo, name, definition from prow_job`,
  );
  const before = byIdentity(rows.map((row) => ({
    type: String(row.type),
    orgRepo: String(row.org_repo),
    definition: definitionOf(row),
  })));
  const after = byIdentity(jobs);
  const names = (keep: (key: string) => boolean, of: Map<string, string>) =>
    [...of.keys()].filter(keep);
  const kept = names((key) => before.has(key), after);
  const changed = kept.filter((key) => before.get(key) !== after.get(key));
  return {
    added: names((key) => !before.has(key), after),
    changed,
    removed: names((key) => !after.has(key), before),
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
    definition: JSON.stringify(job.definition),
  }));
  return sql`
    insert into prow_job (position, type, org_repo, name, source, definition, imported_at)
    select value ->> 'position', value ->> 'type', value ->> 'orgRepo', value ->> 'name',
      value ->> 'source', value ->> 'definition', ${now}
    from json_each(${JSON.stringify(rows)})`;
}

/** Definition by identity: type, place, name and branches. */
function byIdentity(
  jobs: readonly {
    readonly type: string;
    readonly orgRepo: string;
    readonly definition: JobDefinition;
  }[],
): Map<string, string> {
  return new Map(
    jobs.map(({ type, orgRepo, definition }) => {
      const { name, branches, skip_branches: skipBranches } = definition;
      const place = orgRepo === "" ? "" : ` of ${orgRepo}`;
      const only = branches?.length ? ` on ${branches.join(", ")}` : "";
      const not = skipBranches?.length
        ? ` not on ${skipBranches.join(", ")}`
        : "";
      return [
        `${type} ${name}${place}${only}${not}`,
        JSON.stringify(definition),
      ];
    }),
  );
}

/** A row holds what `insertJobs` wrote. */
function definitionOf(row: Row): JobDefinition {
  return JSON.parse(String(row.definition)) as JobDefinition;
}
