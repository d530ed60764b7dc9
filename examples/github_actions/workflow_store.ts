import { type Database, type Row, sql } from "../../core/database.ts";
import { type Workflow, workflowSchema } from "./workflow.ts";

/** A workflow of a repository. Times are epoch ms. */
export type StoredWorkflow = {
  readonly id: number;
  readonly repository: string;
  readonly file: string;
  readonly workflow: Workflow;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** The workflows that there are. */
export class WorkflowStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes or replaces one; tells which. */
  async save(
    place: Pick<StoredWorkflow, "repository" | "file">,
    workflow: Workflow,
    now: number,
  ): Promise<{ readonly isNew: boolean }> {
    const { repository, file } = place;
    const [saved] = await this.#database.batch([sql`
      insert into github_actions_workflow (repository, file, definition, created_at, updated_at)
      values (${repository}, ${file}, ${
      JSON.stringify(workflow)
    }, ${now}, ${now})
      on conflict (repository, file) do update
        set definition = excluded.definition, updated_at = max(updated_at + 1, excluded.updated_at)
      returning created_at = updated_at as is_new`]);
    return { isNew: saved?.rows[0]?.is_new === 1 };
  }

  /** By its file's name or its id, as GitHub takes both. */
  async find(repository: string, key: string): Promise<StoredWorkflow | null> {
    const id = /^\d{1,15}$/.test(key) ? Number(key) : -1;
    const [row] = await this.#database.query(sql`
      select * from github_actions_workflow
      where repository = ${repository} and (file = ${key} or id = ${id})`);
    return row ? toWorkflow(row) : null;
  }

  /** Those of one repository, or the first of all. */
  async list(
    repository: string | null,
    limit: number,
  ): Promise<StoredWorkflow[]> {
    const rows = await this.#database.query(sql`
      select * from github_actions_workflow
      where ${
      repository === null ? sql`true` : sql`repository = ${repository}`
    } order by repository, file limit ${limit}`);
    return rows.map(toWorkflow);
  }
}

function toWorkflow(row: Row): StoredWorkflow {
  return {
    id: Number(row.id),
    repository: String(row.repository),
    file: String(row.file),
    workflow: workflowSchema.parse(JSON.parse(String(row.definition))),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}
