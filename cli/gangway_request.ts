import { UsageError } from "./failure.ts";

/**
 * What gangway-cli sends and writes (github.com/openshift-eng/gangway-cli), for callers that switch from it.
 * @module
 */

/** gangway-cli refuses more at a time. */
const maxJobs = 20;

/** What its flags mean. */
export type GangwayOptions = {
  readonly job: string;
  readonly initial: string;
  readonly latest: string;
  readonly env: readonly string[];
};

/** A run as the identifier file has it; job-run-aggregator reads these (`--static-run-info-path`). */
export type RunIdentifier = {
  readonly JobName: string;
  /** The build id. */
  readonly JobRunID: string;
  readonly JobURL: string;
};

/**
 * The body that gangway-cli sends: always both release images, filled in or not.
 *
 * @throws UsageError in gangway-cli's words.
 */
export function gangwayBody(
  { initial, latest, env }: Omit<GangwayOptions, "job">,
): string {
  const envs: Record<string, string> = {
    RELEASE_IMAGE_INITIAL: initial,
    RELEASE_IMAGE_LATEST: latest,
  };
  for (const text of env) {
    const at = text.indexOf("=");
    if (at <= 0) {
      throw new UsageError(
        `invalid environment variable, should be in format of VAR=VALUE: ${
          JSON.stringify(text)
        }`,
      );
    }
    envs[text.slice(0, at)] = text.slice(at + 1);
  }
  const body = { job_execution_type: "1", pod_spec_options: { envs } };
  return JSON.stringify(body, null, 2);
}

/** @throws UsageError in gangway-cli's words. */
export function readJobCount(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new UsageError(
      `--num-jobs is a whole number, not ${JSON.stringify(text)}`,
    );
  }
  const count = Number(text);
  if (count <= maxJobs) return count;
  throw new UsageError(
    `aborting since ${count} exceeds max value of --n which is ${maxJobs}`,
  );
}

/** `gangway_<job>_<time>.json`, the time as Go writes RFC3339Nano; a job's name cannot lead out of the folder. */
export function identifierFileName(job: string, now: number): string {
  const time = new Date(now).toISOString().replace(/\.?0*Z$/, "Z");
  return `gangway_${job.replaceAll(/[/\\]/g, "_")}_${time}.json`;
}

/** A line of its table: number, id and URL in columns of its widths. */
export function gangwayRow(number: string, id: string, url: string): string {
  return `${number.padEnd(3)} ${id.padEnd(38)} ${url.padEnd(80)}`.trimEnd();
}
