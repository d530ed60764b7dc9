import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../core/app_env.ts";
import type { BackendContext } from "../../core/backend.ts";
import { ApiError } from "../../core/error.ts";
import type { Menu } from "../../core/menu.ts";
import { createRouter } from "../../http/router.ts";
import {
  answerPage,
  Choice,
  Field,
  FormFault,
  Name,
  page,
  PostForm,
  readPageForm,
  seeOther,
  type Typed,
  typedValues,
  untouched,
  visible,
} from "../../ui/kit/mod.ts";
import { pathOf } from "./describe.ts";
import { jobOf, toSubmission } from "./dispatch.ts";
import { findWorkflow, repositoryOf, repositoryParams } from "./request.ts";
import { type StoredWorkflow, WorkflowStore } from "./workflow_store.ts";

/** Where the pages are found. */
export const menu: Menu = [{
  place: "main",
  path: "/workflows",
  title: "Workflows",
  summary: "Workflows of GitHub's kind, to run by hand",
  permission: "workflows:read",
}];

/** More are not shown: whoever has so many knows the names. */
const maxListed = 500;

const aPage = { 200: { description: "A page" } };

const list = page("workflows:read", {
  method: "get",
  path: "/workflows",
  summary: "Workflows",
  responses: aPage,
});

const request = { params: repositoryParams.extend({ file: z.string() }) };

const show = page("workflows:read", {
  method: "get",
  path: "/workflows/{owner}/{repo}/{file}",
  summary: "The form that runs a workflow",
  request,
  responses: aPage,
});

const run = page("workflow_runs:create", {
  method: "post",
  path: "/workflows/{owner}/{repo}/{file}",
  summary: "Run a workflow by its form",
  request,
  responses: { 303: { description: "To the run's page" } },
});

/** The pages of workflows. */
export function workflowPages(
  { database, runs }: BackendContext<unknown>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const workflows = new WorkflowStore(database);
  router.openapi(list, async (c) => {
    const found = await workflows.list(null, maxListed);
    return answerPage(c, {
      title: "Workflows",
      children: <List found={found} />,
    });
  });
  router.openapi(show, async (c) => {
    const { file, ...path } = c.req.valid("param");
    const found = await findWorkflow(workflows, repositoryOf(path), file);
    return answerPage(c, form(c, found, untouched));
  });
  router.openapi(run, async (c) => {
    const { file, ...path } = c.req.valid("param");
    const found = await findWorkflow(workflows, repositoryOf(path), file);
    const values = typedValues(await readPageForm(c));
    const { ref = "", ...inputs } = values;
    if (ref === "") {
      const faults = { ref: "Say which branch or tag the workflow is to see" };
      return answerPage(c, form(c, found, { values, faults }), 400);
    }
    try {
      const { principal, alongside } = c.var;
      const submission = toSubmission(found, { ref, inputs }, principal);
      const [made] = await runs.submit(principal, [submission], { alongside });
      return seeOther(`/runs/${made?.number}`);
    } catch (error) {
      const isMendable = error instanceof ApiError && error.status < 500;
      if (!isMendable) throw error;
      const typed = { values, faults: { form: error.message } };
      return answerPage(c, form(c, found, typed), 400);
    }
  });
  return router;
}

function List({ found }: { found: readonly StoredWorkflow[] }) {
  return (
    <>
      <h1>Workflows</h1>
      {found.length === 0
        ? (
          <p class="empty">
            None yet. Put one there with{" "}
            <code>
              PUT /repos/OWNER/REPO/contents/.github/workflows/NAME.yml
            </code>, as the <a href="/docs">API</a> says.
          </p>
        )
        : (
          <ul>
            {found.map(({ repository, file, workflow }) => (
              <li>
                <a href={pathOf(repository, file)}>
                  <Name text={workflow.name} />
                </a>{" "}
                <small>
                  <Name text={jobOf({ repository, file })} />
                </small>
              </li>
            ))}
          </ul>
        )}
    </>
  );
}

function form(c: Context<AppEnv>, found: StoredWorkflow, typed: Typed) {
  const { repository, file, workflow } = found;
  const job = jobOf(found);
  return {
    title: workflow.name,
    children: (
      <>
        <h1>
          <Name text={workflow.name} />
        </h1>
        <p>
          <Name text={job} /> ·{" "}
          <a href={`/runs?${new URLSearchParams({ job })}`}>its runs</a>
        </p>
        <PostForm c={c} action={pathOf(repository, file)}>
          <FormFault text={typed.faults.form} />
          <Field
            name="ref"
            label="Branch or tag"
            typed={{ ...typed, values: { ref: "main", ...typed.values } }}
            required
          />
          {Object.entries(workflow.inputs).map(([name, input]) => {
            const { description, default: usual = "" } = input;
            const help = visible(description);
            const values = { [name]: usual, ...typed.values };
            const field = {
              name,
              label: name,
              typed: { ...typed, values },
              help,
            };
            return input.options
              ? <Choice {...field} choices={input.options} any="(none)" />
              : <Field {...field} required={input.required} />;
          })}
          <button type="submit">Run</button>
        </PostForm>
      </>
    ),
  };
}
