import { assertEquals } from "@std/assert";
import { jobDefinition } from "./job.ts";
import { toProwJobSpec } from "./prowjob_spec.ts";

const spec = {
  containers: [{ name: "a", env: [{ name: "X", value: "1" }] }, { name: "b" }],
};

function made(
  type: "periodic" | "postsubmit" | "presubmit",
  job: Record<string, unknown>,
  envs: Record<string, string> = {},
) {
  const definition = jobDefinition.parse({ name: "j", ...job });
  return toProwJobSpec(type, definition, "tenant", envs);
}

const common = {
  agent: "kubernetes",
  namespace: "default",
  prowjob_defaults: { tenant_id: "tenant" },
};

Deno.test("what a job does not say is Prow's default", () => {
  assertEquals(made("periodic", {}), { ...common, report: true });
  assertEquals(made("postsubmit", {}), {
    ...common,
    report: true,
    context: "j",
  });
  assertEquals(made("presubmit", {}), {
    ...common,
    report: true,
    context: "j",
    rerun_command: "/test j",
  });
});

Deno.test("what a job says goes along, whatever the case of its keys; what cannot be read does not", () => {
  const job = {
    agent: "tekton-pipeline",
    Namespace: "pods",
    context: "ci/j",
    rerun_command: "/test all",
    skip_report: true,
    max_concurrency: 3,
    error_on_eviction: "perhaps",
    hidden: true,
    job_queue_name: "q",
    prowjob_defaults: { resultstore_config: { project_id: "p" } },
  };
  assertEquals(made("presubmit", job), {
    agent: "tekton-pipeline",
    namespace: "pods",
    context: "ci/j",
    rerun_command: "/test all",
    max_concurrency: 3,
    hidden: true,
    prowjob_defaults: {
      resultstore_config: { project_id: "p" },
      tenant_id: "tenant",
    },
    job_queue_name: "q",
  });
});

Deno.test("gangway 57: envs of the request stand last in every container", () => {
  const { pod_spec } = made("periodic", { spec }, { X: "2", Y: "3" });
  const asked = [{ name: "X", value: "2" }, { name: "Y", value: "3" }];
  assertEquals(pod_spec, {
    containers: [
      { name: "a", env: [{ name: "X", value: "1" }, ...asked] },
      { name: "b", env: asked },
    ],
  });
  assertEquals(made("periodic", { spec }).pod_spec, spec);
});

const slack: readonly (readonly [Record<string, unknown>, boolean])[] = [
  [{}, true],
  [{ job_states_to_report: ["failure"] }, true],
  [{ job_states_to_report: [] }, false],
  [{ job_states_to_report: [], report: true }, true],
  [{ report: false }, false],
];

for (const [config, report] of slack) {
  Deno.test(`Slack ${JSON.stringify(config)} is settled as report: ${report}`, () => {
    const { reporter_config } = made("periodic", {
      reporter_config: { slack: config },
    });
    assertEquals(reporter_config, { slack: { ...config, report } });
  });
}
