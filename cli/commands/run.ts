import * as z from "zod";
import { readAnswer } from "../answer.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { type GitRefs, readRefs, refsForm } from "../git_refs.ts";
import { readPairs } from "../pair.ts";
import { reportMade, submitOnce, submitOptions } from "../submit.ts";

const types = ["periodic", "presubmit", "postsubmit"] as const;

const madeSchema = z.object({ id: z.string() });

/** What Gangway is asked for (wire section 1.3). */
type ExecutionRequest = {
  readonly job_name: string;
  readonly job_execution_type: string;
  readonly refs?: GitRefs;
  readonly pod_spec_options?: {
    readonly envs: Record<string, string>;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
};

/**
 * The request that the arguments mean. Without `--type`, refs with pulls are a
 * presubmit's, others a postsubmit's, and none a periodic's.
 *
 * @throws UsageError
 */
export function toExecutionRequest(
  given: Pick<Arguments, "words" | "text" | "list">,
): ExecutionRequest {
  const [job = ""] = given.words;
  const refsText = given.text("refs");
  const refs = refsText === undefined ? undefined : readRefs(refsText);
  const type = given.text("type") ?? typeFor(refs);
  const envs = readPairs("-e", given.list("env"));
  const labels = readPairs("--label", given.list("label"));
  const annotations = readPairs("--annotation", given.list("annotation"));
  const isPlain = [envs, labels, annotations].every((pairs) =>
    Object.keys(pairs).length === 0
  );
  return {
    job_name: job,
    job_execution_type: type.toUpperCase(),
    ...refs && { refs },
    ...isPlain ? {} : { pod_spec_options: { envs, labels, annotations } },
  };
}

function typeFor(refs: GitRefs | undefined): typeof types[number] {
  if (refs === undefined) return "periodic";
  return refs.pulls === undefined ? "postsubmit" : "presubmit";
}

/** `slipway run` */
export const run: Command = {
  name: "run",
  summary: "Run a Prow job",
  words: [{ name: "JOB" }],
  options: [
    {
      name: "env",
      short: "e",
      value: "NAME=VALUE",
      isList: true,
      help: "a variable for the job; may be given several times",
    },
    {
      name: "type",
      value: "TYPE",
      choices: types,
      help: "periodic, presubmit or postsubmit; found out from --refs",
    },
    { name: "refs", value: "REFS", help: `what to test: ${refsForm}` },
    {
      name: "label",
      value: "NAME=VALUE",
      isList: true,
      help: "a label of the execution",
    },
    {
      name: "annotation",
      value: "NAME=VALUE",
      isList: true,
      help: "an annotation of the execution",
    },
    { name: "dry-run", help: "only find out whether it would be accepted" },
    ...submitOptions,
  ],
  details: `Examples:
  slipway run periodic-hello -e GREETING=Hi --watch
  slipway run pull-hello-verify --refs example/hello@main:1a2b3c,42:0123456789abcdef0123456789abcdef01234567
  number=$(slipway run periodic-hello)`,
  async run(given, world) {
    const body = JSON.stringify(toExecutionRequest(given));
    const headers = { "content-type": "application/json" };
    const api = await connect(given, world);
    const request = { method: "POST", headers, body } as const;
    if (given.has("dry-run")) {
      const path = "/v1/executions?dry_run=1";
      const { text } = await api.ask({ ...request, path, isRepeatable: true });
      if (given.has("json")) world.screen.print(text.trim());
      else world.screen.tell("It would be accepted. Nothing is run.");
      return exitStatus.passed;
    }
    const path = "/v1/executions";
    const answer = await submitOnce(api, { ...request, path }, given, world);
    const { id } = readAnswer(answer, madeSchema, api.server.url);
    return await reportMade(api, id, given, world);
  },
};
