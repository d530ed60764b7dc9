/** What a column may hold. Integers come back as numbers, blobs as bytes; text holds no NUL. */
export type SqlValue = string | number | null | Uint8Array;

/** One row by column name. */
export type Row = { readonly [column: string]: SqlValue };

/** One SQL statement with its bound values. Build it with `sql`. */
export type Statement = {
  readonly text: string;
  readonly values: readonly SqlValue[];
};

/** What one statement of a batch did. */
export type Result = {
  readonly rows: readonly Row[];
  readonly changes: number;
};

/**
 * The two verbs that every store is built on.
 * No interactive transactions: an abandoned one would block all writers.
 */
export interface Database {
  /** Reads. Never for statements that write. */
  query(statement: Statement): Promise<readonly Row[]>;
  /** Writes all statements or none, durably, before the promise resolves. */
  batch(statements: readonly Statement[]): Promise<readonly Result[]>;
  /** Lets go of files and connections. */
  close(): void;
}

/**
 * Builds a statement; every hole is bound, never pasted. A hole that is itself
 * a statement is put in place, with its own values.
 *
 * @example
 * ```ts
 * import { sql } from "./database.ts";
 * const statement = sql`select * from run where id = ${"x"}`;
 * console.assert(statement.text === "select * from run where id = ?");
 * ```
 */
export function sql(
  strings: TemplateStringsArray,
  ...holes: readonly (SqlValue | boolean | Statement)[]
): Statement {
  let text = strings[0] ?? "";
  const values: SqlValue[] = [];
  holes.forEach((hole, index) => {
    if (isStatement(hole)) {
      text += hole.text;
      values.push(...hole.values);
    } else {
      text += "?";
      values.push(typeof hole === "boolean" ? Number(hole) : hole);
    }
    text += strings[index + 1] ?? "";
  });
  return { text, values };
}

/** A fragment that adds nothing. */
export const nothing: Statement = { text: "", values: [] };

function isStatement(hole: SqlValue | boolean | Statement): hole is Statement {
  return typeof hole === "object" && hole !== null &&
    !(hole instanceof Uint8Array);
}

/** A numbered, immutable step of the schema. */
export type Migration = {
  /** `NNNN_name`; numbers count up within one owner. */
  readonly name: string;
  /** One or more statements, each ended by `;` at the end of a line. */
  readonly sql: string;
};

/** A write broke a constraint of the schema (unique, foreign key, check); nothing of its batch was written. */
export class ConstraintError extends Error {
  override readonly name = "ConstraintError";
}
