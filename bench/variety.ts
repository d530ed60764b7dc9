import type { Outcome, Submission } from "../core/run.ts";

/*
 * What tells copies of one run from each other: packages, places, ends,
 * repositories. Of most values there are many, of some few.
 */

const suites = ["unstable", "unstable", "testing", "stable", "experimental"];
const architectures = ["amd64", "arm64", "armhf", "i386", "ppc64el", "riscv64"];
const failed: Outcome = { state: "failed", message: "Some tests failed" };
const errored: Outcome = { state: "errored", message: "No testbed" };

/** One of 3,000 packages in one of 24 places; one in eight has failed, one in 500 could not be judged. */
export function varyTest(submission: Submission, at: number): Submission {
  const suite = suites[at * 31 % suites.length] ?? "";
  const arch = architectures[at * 17 % architectures.length] ?? "";
  const request = { ...submission.request, suite, arch };
  return {
    ...submission,
    job: `package${at * 7919 % 3000}`,
    request,
    ...at % 8 === 1 && { outcome: failed },
    ...at % 500 === 3 && { outcome: errored },
  };
}

/** Of one of 200 repositories in 20 organisations. */
export function varyExecution(submission: Submission, at: number): Submission {
  const repo = `repo${at % 200}`;
  const request = { ...submission.request, org: `org${at % 20}`, repo };
  return { ...submission, job: `job${at % 500}`, request };
}
