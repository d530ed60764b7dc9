/** What is shorter is sent as it is. */
const minLength = 1_000;

const compressible = /^(text\/html|application\/json)(;|$)/;

/**
 * A page's answer as its reader takes it: compressed with gzip, unless it says
 * itself how long it is, as files do, of which parts may be asked for.
 */
export function compressPage(request: Request, response: Response): Response {
  const { headers, body, status } = response;
  const fits = request.method === "GET" && body !== null &&
    compressible.test(headers.get("content-type") ?? "") &&
    !headers.has("content-length") && !headers.has("content-encoding") &&
    !headers.has("content-disposition");
  if (!fits || !acceptsGzip(request.headers)) return response;
  const changed = new Headers(headers);
  changed.set("content-encoding", "gzip");
  changed.append("vary", "accept-encoding");
  return new Response(body.pipeThrough(new CompressionStream("gzip")), {
    status,
    headers: changed,
  });
}

/** Whether a reader takes gzip (RFC 9110, 12.5.3). */
export function acceptsGzip(headers: Headers): boolean {
  return (headers.get("accept-encoding") ?? "").split(",").some((each) =>
    /^\s*gzip\s*(;|$)/.test(each) && !/;\s*q=0(\.0*)?\s*$/.test(each)
  );
}

/** A text as gzip, for what is sent many times; null when it is too short to gain by it. */
export async function gzip(
  text: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (text.length < minLength) return null;
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
