/** Gangway's `JobExecutionType`, each name at its number (gangway 11). */
export const executionTypes = [
  "JOB_EXECUTION_TYPE_UNSPECIFIED",
  "PERIODIC",
  "POSTSUBMIT",
  "PRESUBMIT",
  "BATCH",
] as const;

/** Name of a `JobExecutionType`. */
export type ExecutionType = (typeof executionTypes)[number];

/** The types that the catalogue knows, as job configuration and `JOB_TYPE` spell them. */
export const jobTypes = ["periodic", "postsubmit", "presubmit"] as const;

/** Type of a job of the catalogue. */
export type JobType = (typeof jobTypes)[number];

/** How Go prints the enum: its name, or the bare number when it has none. */
export function executionTypeText(number: number): string {
  return executionTypes[number] ?? String(number);
}

/** The catalogue's word for an execution type; null for those that cannot be triggered. */
export function jobTypeOf(number: number): JobType | null {
  const word = executionTypeText(number).toLowerCase();
  return jobTypes.find((type) => type === word) ?? null;
}

/** Gangway's name of a job type. */
export function executionTypeOf(type: string): ExecutionType {
  return executionTypes.find((name) => name === type.toUpperCase()) ??
    "JOB_EXECUTION_TYPE_UNSPECIFIED";
}
