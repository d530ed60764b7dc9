import type { Job } from "../plugins/backends/prow/job.ts";
import { readCatalogue } from "../plugins/backends/prow/catalogue.ts";

const jobs = 1000;

/** What people ask for: a job of the catalogue, with variables of their own. */
export const executionRequest = {
  job_name: "periodic-e2e-500",
  job_execution_type: "1",
  pod_spec_options: {
    envs: {
      RELEASE_IMAGE_LATEST: "quay.example.org/release:4.21.0",
      MULTISTAGE_PARAM_OVERRIDE_TIMEOUT: "2h",
    },
    labels: { team: "storage" },
  },
};

/** A catalogue of a thousand jobs. Job configuration is YAML, and JSON is that too. */
export function catalogue(): readonly Job[] {
  const periodics = Array.from(
    { length: jobs },
    (_, at) => periodic(`periodic-e2e-${at}`),
  );
  const text = JSON.stringify({ periodics });
  return readCatalogue([{ path: "e2e.yaml", text }]).jobs;
}

function periodic(name: string) {
  return {
    name,
    interval: "24h",
    decorate: true,
    decoration_config: { timeout: "4h", grace_period: "30m" },
    labels: { "ci.example.org/variant": "aws" },
    spec: {
      containers: [{
        image: "quay.example.org/ci-operator:latest",
        command: ["ci-operator"],
        args: ["--gcs-upload-secret=/secrets/gcs", `--target=${name}`],
        env: [{ name: "CLUSTER_TYPE", value: "aws" }],
      }],
    },
  };
}
