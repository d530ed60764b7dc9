import * as z from "zod";
import { ApiError } from "../../core/error.ts";
import type { Principal } from "../../core/principal.ts";
import type { Run, Submission } from "../../core/run.ts";
import { fillIn } from "./expression.ts";
import type { Task } from "./task.ts";
import type { Workflow } from "./workflow.ts";
import type { StoredWorkflow } from "./workflow_store.ts";

/** What is asked for, as it is kept with the run. */
const requestSchema = z.object({
  repository: z.string(),
  file: z.string(),
  workflow: z.string(),
  ref: z.string(),
  inputs: z.record(z.string(), z.string()),
});

export type Dispatch = z.output<typeof requestSchema>;

/** What a run was asked for with. */
export function dispatchOf({ request }: Pick<Run, "request">): Dispatch {
  return requestSchema.parse(request);
}

/** What one runs, as people name it and limits do. */
export function jobOf(
  { repository, file }: { repository: string; file: string },
) {
  return `${repository}/${file}`;
}

/**
 * The run that a dispatch makes.
 *
 * @throws ApiError `unprocessable` in GitHub's words when the inputs do not fit.
 */
export function toSubmission(
  { repository, file, workflow }: Pick<
    StoredWorkflow,
    "repository" | "file" | "workflow"
  >,
  asked: { readonly ref: string; readonly inputs: Dispatch["inputs"] },
  actor: Pick<Principal, "name">,
): Submission {
  const inputs = readInputs(workflow, asked.inputs);
  const { name } = workflow;
  const { ref } = asked;
  const github = {
    actor: actor.name,
    ref_name: ref,
    repository,
    workflow: name,
  };
  const task: Task = {
    timeoutSeconds: workflow.timeoutSeconds,
    env: {
      GITHUB_ACTOR: actor.name,
      GITHUB_EVENT_NAME: "workflow_dispatch",
      GITHUB_REF_NAME: ref,
      GITHUB_REPOSITORY: repository,
      GITHUB_WORKFLOW: name,
    },
    steps: workflow.steps.map(({ env, ...step }) => ({
      ...step,
      env: Object.fromEntries(
        Object.entries(env).map(([key, value]) => [
          key,
          fillIn(value, { inputs, github }),
        ]),
      ),
    })),
  };
  return {
    job: jobOf({ repository, file }),
    request: { repository, file, workflow: name, ref, inputs },
    // Plain data: what is undefined in it is not written.
    task: JSON.parse(JSON.stringify(task)),
    labels: { backend: "github_actions", "runs-on": workflow.runsOn },
  };
}

function readInputs(
  { inputs }: Workflow,
  given: Dispatch["inputs"],
): Dispatch["inputs"] {
  const unknown = Object.keys(given).filter((name) =>
    !Object.hasOwn(inputs, name)
  );
  if (unknown.length > 0) {
    throw refused(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      const value = given[name] ?? input.default ?? "";
      if (value === "" && input.required) {
        throw refused(`Required input '${name}' not provided`);
      }
      const choices = input.type === "boolean"
        ? ["true", "false", ""]
        : input.options;
      const isFit = (choices?.includes(value) ?? true) &&
        (input.type !== "number" || !Number.isNaN(Number(value)));
      if (isFit) return [name, value];
      throw refused(
        `Provided value '${value}' for input '${name}' is no ${input.type}${
          choices === undefined ? "" : ` of ${JSON.stringify(choices)}`
        }`,
      );
    }),
  );
}

function refused(message: string): ApiError {
  return new ApiError("unprocessable", message);
}
