import { parse } from "yaml";
import * as z from "zod";
import { ApiError } from "../../core/error.ts";
import { expressionFaults } from "./expression.ts";

/** The part of GitHub's workflow syntax that is carried out; anything else is refused, not ignored. */
const name = z.string().min(1).max(200);
const variable = z.string().regex(/^[A-Za-z_]\w*$/);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const env = z.record(variable, scalar).default({});

const input = z.strictObject({
  description: z.string().default(""),
  required: z.boolean().default(false),
  type: z.enum(["string", "boolean", "number", "choice"]).default("string"),
  default: scalar.optional(),
  options: z.array(scalar).min(1).optional(),
}).nullable().transform((given) =>
  given ?? { description: "", required: false, type: "string" as const }
);

const step = z.strictObject({
  name: name.optional(),
  run: z.string().min(1).max(100_000).refine(
    (script) => !script.includes("${{"),
    "has an expression in it: put that into env, from where no input can become a command",
  ),
  env,
  shell: z.enum(["bash", "sh"]).optional(),
});

const job = z.strictObject({
  name: name.optional(),
  "runs-on": name,
  env,
  "timeout-minutes": z.number().positive().max(360).default(360),
  steps: z.array(step).min(1).max(100),
});

const schema = z.strictObject({
  name: name.optional(),
  on: z.strictObject({
    workflow_dispatch: z.strictObject({
      inputs: z.record(z.string().regex(/^[A-Za-z_][\w-]*$/), input)
        .default({}),
    }).nullable().transform((given) => given ?? { inputs: {} }),
  }),
  env,
  jobs: z.record(name, job).refine(
    (jobs) => Object.keys(jobs).length === 1,
    "expected one job: a run is one piece of work",
  ),
});

/** A workflow as it is kept. */
export const workflowSchema = z.object({
  name: z.string(),
  inputs: z.record(
    z.string(),
    z.object({
      description: z.string(),
      required: z.boolean(),
      type: z.enum(["string", "boolean", "number", "choice"]),
      default: z.string().optional(),
      options: z.array(z.string()).optional(),
    }),
  ),
  runsOn: z.string(),
  timeoutSeconds: z.number(),
  steps: z.array(z.object({
    name: z.string(),
    run: z.string(),
    shell: z.enum(["bash", "sh"]).optional(),
    env: z.record(z.string(), z.string()),
  })),
});

export type Workflow = z.output<typeof workflowSchema>;

/**
 * Reads a workflow's file.
 *
 * @throws ApiError `unprocessable` that names what is not understood.
 */
export function readWorkflow(text: string, file: string): Workflow {
  const parsed = schema.safeParse(parseYaml(text));
  if (!parsed.success) {
    throw refused(
      parsed.error.issues.map(({ path, message }) =>
        `${path.join(".") || "the file"}: ${message}`
      ),
    );
  }
  const { data } = parsed;
  const [only] = Object.values(data.jobs);
  if (only === undefined) throw refused(["jobs: expected one job"]);
  const { inputs } = data.on.workflow_dispatch;
  const workflow = workflowSchema.parse({
    name: data.name ?? file,
    inputs,
    runsOn: only["runs-on"],
    timeoutSeconds: only["timeout-minutes"] * 60,
    steps: only.steps.map(({ name, run, shell, env }) => ({
      name: name ?? run.trim().split("\n", 1)[0]?.slice(0, 100) ?? "run",
      run,
      shell,
      env: { ...data.env, ...only.env, ...env },
    })),
  });
  const values = workflow.steps.flatMap(({ env }) => Object.values(env));
  const faults = values.flatMap((value) =>
    expressionFaults(value, Object.keys(inputs))
  );
  if (faults.length > 0) throw refused([...new Set(faults)]);
  return workflow;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw refused([error instanceof Error ? error.message : String(error)]);
  }
}

function refused(faults: readonly string[]): ApiError {
  return new ApiError(
    "unprocessable",
    `Cannot read the workflow: ${
      faults.join("; ")
    }. Of GitHub's syntax this backend knows one job of run: steps`,
  );
}
