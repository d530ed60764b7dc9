import { testBackend } from "../../../tests/conformance/backend.ts";
import prow from "./mod.ts";
import { seedCatalogue, sha } from "../../../tests/gangway.ts";

const executions = "http://slipway.test/v1/executions";
const refs = { org: "o", repo: "r", base_ref: "main", base_sha: "s" };

function post(body: unknown, path = ""): Request {
  return new Request(executions + path, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

testBackend("prow", prow(), {
  seed: seedCatalogue,
  valid: [
    post({ job_name: "hello", job_execution_type: "1" }),
    post({ job_execution_type: "PERIODIC" }, "/hello"),
    post({ jobName: "publish", jobExecutionType: 2, refs }),
    post({
      job_name: "verify",
      job_execution_type: "PRESUBMIT",
      refs: { ...refs, pulls: [{ number: 5, sha }] },
      pod_spec_options: { envs: { A: "1" } },
    }),
  ],
  invalid: [
    post(""),
    post("{"),
    post("[]"),
    post({ job_name: "hello" }),
    post({ job_name: 5, job_execution_type: 1 }),
    post({ job_name: "unknown", job_execution_type: 1 }),
    post({ job_name: "publish", job_execution_type: 2 }),
    post({ job_name: "twice", job_execution_type: 2, refs }),
    post({ job_name: "verify", job_execution_type: 3, refs }),
    post({ job_name: "x", job_execution_type: 4, refs }),
    new Request(`${executions}/no-such-id`),
    new Request(`${executions}?status=nope`),
  ],
});
