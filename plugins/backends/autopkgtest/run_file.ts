import type { ByteRange } from "../../../core/artifact.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { isEnd, type Run } from "../../../core/run.ts";
import { download, readRange } from "../../../http/download.ts";
import { logStream } from "../../../http/log_stream.ts";
import type { Options } from "./options.ts";

const plain = "text/plain; charset=utf-8";

/** The files of a test that debci publishes (wire 2.3 and 3.3), with what they are served as. */
const typeOfFile: ReadonlyMap<string, string> = new Map([
  ["log.gz", plain],
  ["artifacts.tar.gz", "application/gzip"],
  ["exitcode", plain],
  ["duration", plain],
  ["testpkg-version", plain],
  ["testbed-packages", plain],
  ["testinfo.json", "application/json"],
  ["summary", plain],
]);

type Files = Pick<BackendContext<Options>, "artifacts" | "logs">;

/** The names of the files that there are of a run. */
export async function listRunFiles(
  { artifacts }: Files,
  run: Run,
): Promise<string[]> {
  const there = new Set((await artifacts.list(run)).map(({ path }) => path));
  if (hasServersLog(run)) there.add("log.gz");
  return [...typeOfFile.keys()].filter((name) => there.has(name));
}

/**
 * Answers with a file of a run; null when there is none of that name. A log
 * that the executor did not hand in is the server's, compressed as it is sent.
 *
 * @throws ApiError `wrong_offset` for a range behind the end.
 */
export async function sendRunFile(
  { artifacts, logs }: Files,
  run: Run,
  name: string,
  request: Request,
): Promise<Response | null> {
  const contentType = typeOfFile.get(name);
  if (contentType === undefined) return null;
  const known = (await artifacts.list(run)).find(({ path }) => path === name);
  if (known === undefined) {
    if (name !== "log.gz" || !hasServersLog(run)) return null;
    return compressedLog(
      request.method === "HEAD" ? null : logStream(logs, run),
    );
  }
  const range: ByteRange | undefined = readRange(
    request.headers.get("range") ?? undefined,
    known.sizeBytes,
  );
  // Nothing is read for a HEAD.
  const body = request.method === "HEAD"
    ? new Blob([]).stream()
    : (await artifacts.open(run, name, range))?.body;
  if (body === undefined) return null;
  const response = download({ ...known, contentType }, body, range);
  if (name === "log.gz") response.headers.set("content-encoding", "gzip");
  return response;
}

/** A log that still grows would be cut off somewhere. */
function hasServersLog({ state, logBytes }: Run): boolean {
  return isEnd(state) && logBytes > 0;
}

function compressedLog(
  log: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): Response {
  const body = log?.pipeThrough(new CompressionStream("gzip")) ?? null;
  return new Response(body, {
    headers: {
      "content-type": plain,
      "content-encoding": "gzip",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
}
