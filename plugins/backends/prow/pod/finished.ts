import type { JsonObject } from "../../../../core/json.ts";
import type { End } from "../../../../core/run.ts";
import * as z from "zod";
import { assertFolder } from "./artifacts.ts";

/** Larger metadata is no metadata. */
const maxMetadataBytes = 1024 * 1024;

const metadataSchema = z.record(z.string(), z.json());

/** The text of `finished.json` (Prow pkg/sidecar, doUpload). */
export function finishedJson(
  finished: {
    readonly end: End;
    /** See `revision` in started.ts. */
    readonly revision: string;
    readonly metadata: JsonObject;
  },
  nowMs: number,
): string {
  const result = resultOf(finished.end);
  const isEmpty = Object.keys(finished.metadata).length === 0;
  return JSON.stringify({
    timestamp: Math.floor(nowMs / 1000),
    passed: result === "SUCCESS",
    ...!isEmpty && { metadata: finished.metadata },
    result,
    ...finished.revision && { revision: finished.revision },
  });
}

/**
 * What the job wrote to `metadata.json` in ARTIFACTS; empty when it wrote
 * none. Prow's sidecar tells in it, too, why it cannot be read.
 */
export async function readMetadata(artifacts: string): Promise<JsonObject> {
  const path = `${artifacts}/metadata.json`;
  try {
    await assertFolder(artifacts);
    const { isFile, size } = await Deno.lstat(path);
    if (!isFile || size > maxMetadataBytes) {
      throw new TypeError(
        `expected a file of at most ${maxMetadataBytes} bytes`,
      );
    }
    const text = await Deno.readTextFile(path);
    const parsed = metadataSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw new TypeError("expected a JSON object");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    const why = error instanceof Error ? error.message : String(error);
    return { "sidecar-errors": { "metadata.json": why } };
  }
}

function resultOf(end: End): "SUCCESS" | "FAILURE" | "ABORTED" {
  switch (end.kind) {
    case "exited":
      return end.exitCode === 0 ? "SUCCESS" : "FAILURE";
    case "timed_out":
    case "not_started":
      return "FAILURE";
    case "cancelled":
    case "lost":
      return "ABORTED";
    default:
      return end satisfies never;
  }
}
