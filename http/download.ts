import type { Artifact, ByteRange } from "../core/artifact.ts";
import { ApiError } from "../core/error.ts";

/** What a browser may show in place; everything else is saved. */
const shown = /^(text\/plain|application\/json)(;|$)/;

/**
 * Answers with a file that somebody's job made: it runs no script, loads
 * nothing, is not guessed at, and only plain text and JSON are shown in place.
 */
export function download(
  artifact: Artifact,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  range?: ByteRange,
): Response {
  const { contentType, sizeBytes, path } = artifact;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return new Response(body, {
    status: range === undefined ? 200 : 206,
    headers: {
      "content-type": contentType,
      "content-length": String(range ? range.end - range.start : sizeBytes),
      "content-disposition": `${
        shown.test(contentType) ? "inline" : "attachment"
      }; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", "%27")}`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "accept-ranges": "bytes",
      ...validators(artifact),
      ...(range
        ? {
          "content-range": `bytes ${range.start}-${range.end - 1}/${sizeBytes}`,
        }
        : {}),
    },
  });
}

/** What caches and resumed downloads compare. A later attempt may leave another file under the same path, so it is always asked. */
function validators({ sha256 }: Artifact): Record<string, string> {
  return { etag: `"${sha256}"`, "cache-control": "private, no-cache" };
}

/**
 * Answers 304 to who has the file already (`If-None-Match`; RFC 9110, 13.1.2);
 * undefined for everybody else.
 */
export function notModified(
  artifact: Artifact,
  ifNoneMatch: string | undefined,
): Response | undefined {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim());
  const isKnown = tags.some((tag) =>
    tag === "*" || tag.replace(/^W\//, "") === `"${artifact.sha256}"`
  );
  return isKnown
    ? new Response(null, { status: 304, headers: validators(artifact) })
    : undefined;
}

/** The `Range` header, unless `If-Range` says that it is about another version (RFC 9110, 13.1.5). */
export function rangeOf(
  artifact: Artifact,
  headers: Headers,
): string | undefined {
  const ifRange = headers.get("if-range");
  return ifRange === null || ifRange === `"${artifact.sha256}"`
    ? headers.get("range") ?? undefined
    : undefined;
}

/**
 * Reads a `Range` header of one range (RFC 9110, 14.2); undefined when there is none that can be read.
 *
 * @throws ApiError `wrong_offset` when it lies behind the end.
 */
export function readRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === ""
    ? Math.max(0, sizeBytes - Number(last))
    : Number(first);
  const end = first === "" || last === ""
    ? sizeBytes
    : Math.min(sizeBytes, Number(last) + 1);
  if (start < end) return { start, end };
  throw new ApiError(
    "wrong_offset",
    `Cannot send the range: the file has ${sizeBytes} bytes`,
    {
      headers: { "content-range": `bytes */${sizeBytes}` },
    },
  );
}
