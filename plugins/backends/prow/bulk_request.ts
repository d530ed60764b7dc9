import { gitRefs } from "./create_request.ts";
import { executionStatuses } from "./execution_status.ts";
import { executionTypes } from "./execution_type.ts";
import type { JsonNode } from "./json_reader.ts";
import {
  enumeration,
  type Field,
  message,
  optional,
  text,
} from "./proto_json.ts";
import { parseTimestamp } from "./timestamp.ts";

/** A time as it was written: `bulkFault` judges it when its turn comes. */
const time: Field<string | undefined> = optional({
  ...text,
  schema: { type: "string", format: "date-time" },
});

/** Gangway's `BulkJobStatusChangeRequest` (wire section 1.3). */
export const bulkRequest = message({
  job_status_change: optional(message({
    current: enumeration(executionStatuses),
    desired: enumeration(executionStatuses),
  })),
  cluster: text,
  started_before: time,
  started_after: time,
  job_type: enumeration(executionTypes),
  refs: optional(gitRefs),
});

/** A request to change the status of many executions. */
export type BulkRequest = typeof bulkRequest.unset;

/**
 * Reads the body of a bulk call.
 *
 * @throws ApiError `invalid` that names the field.
 */
export function readBulkRequest(body: JsonNode): BulkRequest {
  return bulkRequest.read(body, "", bulkRequest.unset);
}

/** What is wrong with a bulk request, or null: Gangway's checks in its order and with its texts (wire section 1.8). */
export function bulkFault(request: BulkRequest): string | null {
  const { current = 0, desired = 0 } = request.job_status_change ?? {};
  if (current === 0) return "current status is unspecified";
  if (desired === 0) return "desired status is unspecified";
  for (const name of ["started_after", "started_before"] as const) {
    const written = request[name];
    if (written !== undefined && parseTimestamp(written) === null) {
      return `${name} field is invalid`;
    }
  }
  return null;
}
