import * as z from "zod";
import { ApiError } from "../../core/error.ts";
import { readText } from "../../http/body.ts";
import type { StoredWorkflow, WorkflowStore } from "./workflow_store.ts";

/** What GitHub allows in the names of owners and repositories. */
const part = z.string().regex(
  /^[A-Za-z0-9_.-]{1,100}$/,
  "expected letters, digits, '.', '_' and '-'",
);

/** The part of each path that names a repository. */
export const repositoryParams = z.object({ owner: part, repo: part });

/** The repository of a path, as GitHub writes it. */
export function repositoryOf(
  { owner, repo }: z.output<typeof repositoryParams>,
): string {
  return `${owner}/${repo}`;
}

/**
 * Reads a body as JSON whatever its Content-Type says: GitHub's own examples send none that fits.
 *
 * @throws ApiError `invalid` or `unprocessable`.
 */
export async function readJson<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<z.output<S>> {
  const parsed = schema.safeParse(parse(await readText(request, 1024 * 1024)));
  if (parsed.success) return parsed.data;
  throw new ApiError(
    "unprocessable",
    `Invalid request: ${
      parsed.error.issues.map(({ path, message }) =>
        `${path.join(".") || "body"}: ${message}`
      ).join("; ")
    }`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("invalid", "Problems parsing JSON");
  }
}

/** @throws ApiError `not_found`. */
export async function findWorkflow(
  workflows: WorkflowStore,
  repository: string,
  key: string,
): Promise<StoredWorkflow> {
  const found = await workflows.find(repository, key);
  if (found !== null) return found;
  throw new ApiError(
    "not_found",
    `Not Found: ${repository} has no workflow ${JSON.stringify(key)}`,
  );
}
