import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../core/app_env.ts";
import type { BackendContext } from "../../core/backend.ts";
import { ApiError } from "../../core/error.ts";
import { guarded } from "../../http/guard.ts";
import { createRouter } from "../../http/router.ts";
import { readJson, repositoryOf, repositoryParams } from "./request.ts";
import { readWorkflow } from "./workflow.ts";
import { type StoredWorkflow, WorkflowStore } from "./workflow_store.ts";

const tags = ["GitHub Actions"];

/** Most workflows in a list. */
const maxListed = 100;

const saveSchema = z.object({
  content: z.string(),
});

/** The same for the API's description: any Content-Type is read, which the framework would not do. */
const saveBody = {
  type: "object" as const,
  required: ["content"],
  properties: {
    message: { type: "string" as const, description: "Not kept" },
    content: {
      type: "string" as const,
      description: "The file, in base64",
    },
  },
};

const save = guarded("workflows:update", {
  method: "put",
  path: "/repos/{owner}/{repo}/contents/.github/workflows/{file}",
  summary: "Make or replace a workflow",
  tags,
  request: {
    params: repositoryParams.extend({
      file: z.string().regex(
        /^[A-Za-z0-9_.-]{1,100}\.ya?ml$/,
        "expected a name that ends with .yml or .yaml",
      ),
    }),
  },
  requestBody: {
    required: true,
    content: { "application/json": { schema: saveBody } },
  },
  responses: {
    200: { description: "It is replaced" },
    201: { description: "It is made" },
    422: { description: "It is none that can be carried out" },
  },
});

const workflowSchema = z.object({
  id: z.int(),
  name: z.string(),
  path: z.string(),
  state: z.literal("active"),
  created_at: z.string(),
  updated_at: z.string(),
});

const list = guarded("workflows:read", {
  method: "get",
  path: "/repos/{owner}/{repo}/actions/workflows",
  summary: "List a repository's workflows",
  tags,
  request: { params: repositoryParams },
  responses: {
    200: {
      description: "At most 100 of them",
      content: {
        "application/json": {
          schema: z.object({
            total_count: z.int(),
            workflows: z.array(workflowSchema),
          }),
        },
      },
    },
  },
});

/** The workflows of repositories. */
export function workflowRoutes(
  { database, now }: BackendContext<unknown>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const workflows = new WorkflowStore(database);
  router.openapi(save, async (c) => {
    const { file, ...path } = c.req.valid("param");
    const { content } = await readJson(c.req.raw, saveSchema);
    const workflow = readWorkflow(decode(content), file);
    const repository = repositoryOf(path);
    const place = { repository, file };
    const { isNew } = await workflows.save(place, workflow, now());
    const answer = { content: { name: file, path: pathOf({ file }) } };
    return isNew ? c.json(answer, 201) : c.json(answer, 200);
  });
  router.openapi(list, async (c) => {
    const repository = repositoryOf(c.req.valid("param"));
    const found = await workflows.list(repository, maxListed);
    return c.json({
      total_count: found.length,
      workflows: found.map(toWorkflowJson),
    }, 200);
  });
  return router;
}

function toWorkflowJson(
  { id, file, workflow, createdAt, updatedAt }: StoredWorkflow,
): z.output<typeof workflowSchema> {
  return {
    id,
    name: workflow.name,
    path: pathOf({ file }),
    state: "active",
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

/** Where a workflow's file is in its repository. */
export function pathOf({ file }: { readonly file: string }): string {
  return `.github/workflows/${file}`;
}

function decode(base64: string): string {
  try {
    const bytes = Uint8Array.fromBase64(base64.replaceAll("\n", ""));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError(
      "unprocessable",
      "content is not valid Base64 of a UTF-8 text",
    );
  }
}
