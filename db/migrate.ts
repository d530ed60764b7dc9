import {
  ConstraintError,
  type Database,
  type Migration,
  sql,
  type Statement,
} from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";

/** Whose tables a list of migrations makes: `core` or a plugin. */
export type MigrationSource = {
  readonly owner: string;
  readonly migrations: readonly Migration[];
};

/** How a database stands to this version of the program. */
export type SchemaState =
  | { readonly kind: "current" }
  | { readonly kind: "older"; readonly pending: readonly string[] }
  | { readonly kind: "newer"; readonly unknown: readonly string[] }
  | { readonly kind: "changed"; readonly names: readonly string[] };

type Step = {
  readonly owner: string;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
};

const ledger: Statement = sql`
  create table if not exists migration (
    owner text not null,
    name text not null,
    sha256 text not null,
    applied_at integer not null,
    primary key (owner, name)
  ) strict`;

/** Compares the ledger of the database with the migrations of this version. */
export async function schemaState(
  database: Database,
  sources: readonly MigrationSource[],
): Promise<SchemaState> {
  return compare(await readLedger(database), await toSteps(sources), sources);
}

/**
 * Applies what is pending, each migration whole or not at all; several
 * processes may do so at once. Returns the names of what was applied.
 *
 * @throws Error when the database is newer than this version, or a migration was changed after it was applied.
 */
export async function migrate(
  database: Database,
  sources: readonly MigrationSource[],
  now: () => number,
): Promise<string[]> {
  await database.batch([ledger]);
  const steps = await toSteps(sources);
  const applied = await readLedger(database);
  const fault = schemaFault(compare(applied, steps, sources));
  if (fault !== null) throw new Error(fault);
  const done: string[] = [];
  for (const step of steps) {
    if (applied.has(`${step.owner}/${step.name}`)) continue;
    if (await apply(database, step, now())) {
      done.push(`${step.owner}/${step.name}`);
    }
  }
  return done;
}

/** Why this version must not use the database, or null; `older` is no fault, it wants `migrate`. */
export function schemaFault(state: SchemaState): string | null {
  switch (state.kind) {
    case "current":
    case "older":
      return null;
    case "newer":
      return `Cannot use the database: it was migrated by a newer Slipway (${
        state.unknown.join(", ")
      } is not known here); run that version`;
    case "changed":
      return `Cannot use the database: ${
        state.names.join(", ")
      } was changed after it had been applied`;
  }
}

async function toSteps(sources: readonly MigrationSource[]): Promise<Step[]> {
  const steps = sources.flatMap(({ owner, migrations }) =>
    migrations.map((step) => ({ owner, ...step }))
  );
  return await Promise.all(
    steps.map(async (step) => ({ ...step, sha256: await sha256Hex(step.sql) })),
  );
}

async function readLedger(database: Database): Promise<Map<string, string>> {
  const tables = await database.query(
    sql`select 1 from sqlite_master where name = 'migration'`,
  );
  if (tables.length === 0) return new Map();
  const rows = await database.query(
    sql`select owner, name, sha256 from migration`,
  );
  return new Map(
    rows.map((row) => [`${row.owner}/${row.name}`, String(row.sha256)]),
  );
}

/** A plugin that is not loaded leaves its ledger lines behind: they are no sign of a newer version. */
function compare(
  applied: ReadonlyMap<string, string>,
  steps: readonly Step[],
  sources: readonly MigrationSource[],
): SchemaState {
  const owners = new Set(sources.map((source) => source.owner));
  const known = new Map(
    steps.map((step) => [`${step.owner}/${step.name}`, step.sha256]),
  );
  const unknown = [...applied.keys()].filter((key) =>
    owners.has(key.split("/")[0] ?? "") && !known.has(key)
  );
  if (unknown.length > 0) return { kind: "newer", unknown };
  const names = [...known].flatMap(([key, hash]) =>
    applied.has(key) && applied.get(key) !== hash ? [key] : []
  );
  if (names.length > 0) return { kind: "changed", names };
  const pending = [...known.keys()].filter((key) => !applied.has(key));
  return pending.length > 0 ? { kind: "older", pending } : { kind: "current" };
}

/** The ledger line goes first: of two processes at the same step, one breaks its key and writes nothing. */
async function apply(
  database: Database,
  step: Step,
  now: number,
): Promise<boolean> {
  const line = sql`
    insert into migration (owner, name, sha256, applied_at)
    values (${step.owner}, ${step.name}, ${step.sha256}, ${now})`;
  try {
    await database.batch([line, ...splitStatements(step.sql)]);
    return true;
  } catch (error) {
    if (error instanceof ConstraintError) return false;
    throw error;
  }
}

/**
 * The statements of a migration: each ends with `;` at the end of a line, and a
 * trigger with `end;`.
 */
export function splitStatements(text: string): Statement[] {
  const statements: string[] = [];
  let trigger: string | null = null;
  for (const part of text.split(/;[ \t]*(?:\r?\n|$)/)) {
    const whole: string = trigger === null
      ? part.trim()
      : `${trigger};\n${part}`;
    const isOpen = isTrigger(whole) && !/\send\s*$/i.test(whole);
    trigger = isOpen ? whole : null;
    if (!isOpen && whole !== "") statements.push(whole);
  }
  return statements.map((statement) => ({ text: statement, values: [] }));
}

function isTrigger(statement: string): boolean {
  return /^(\s*--.*\n)*\s*create\s+trigger\b/i.test(statement);
}
