import type { Context, Next } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import type {
  Claim,
  IdempotencyStore,
  KeptAnswer,
} from "../db/idempotency_store.ts";
import { readInto } from "../http/body.ts";

/** Largest body that can be repeated, where the route has no limit of its own. */
const maxBodyBytes = 32 * 1024 * 1024;

/** Headers of a request that say what its body means and what the answer looks like. */
const shapingHeaders = ["content-type", "accept"];

/** Headers of an answer that a repetition gets too. */
const keptHeaders = [
  "content-type",
  "location",
  "slipway-dry-run",
  "auth-user",
  "x-content-type-options",
];

/**
 * Carries out a request with an `Idempotency-Key` at most once per caller
 * (draft-ietf-httpapi-idempotency-key-header): the same request again gets the
 * kept answer and `Idempotency-Replayed: true`. A refusal is not kept, so that
 * the key is not lost to a mistake; after a failure of the server the key stays
 * taken for a while, and for good when the runs turn out to be made.
 *
 * @throws ApiError `unprocessable` for another request with the key, `conflict` while the first one runs.
 */
export async function carryOutOnce(
  store: IdempotencyStore,
  c: Context<AppEnv>,
  next: Next,
): Promise<Response | undefined> {
  const given = c.req.header("idempotency-key") ?? formKey(c);
  if (given === undefined) {
    await next();
    return;
  }
  if (!/^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(given)) {
    throw new ApiError(
      "invalid",
      "Cannot use the Idempotency-Key: it must be 1 to 255 printable ASCII characters",
    );
  }
  const requestSha256 = await takeDigest(c);
  // A form may be filled in anew and sent from the same page: that is another request.
  const key = formKey(c) === undefined ? given : `${given} ${requestSha256}`;
  const once = { account: c.var.principal.account, key, requestSha256 };
  const admission = await admitted(store, once, formKey(c) !== undefined);
  switch (admission.kind) {
    case "first":
      await carryOut(store, admission.claim, c, next);
      return;
    case "answered":
      return replay(admission.answer);
    case "running":
      throw new ApiError(
        "conflict",
        "Cannot repeat the request: the first one with this Idempotency-Key still runs, or failed within the last minute",
        {
          headers: { "retry-after": "1" },
        },
      );
    case "unanswered":
      throw new ApiError(
        "conflict",
        `Cannot repeat the answer: it was lost, but the request was carried out as ${
          admission.runIds.join(", ")
        }; ` +
          "see /v1/runs/ID",
      );
    case "other_request":
      throw new ApiError(
        "unprocessable",
        "Cannot use the Idempotency-Key: it was used for another request; take a new key for each",
      );
    default:
      return admission satisfies never;
  }
}

/** What tells a page's form that is sent twice, as by a double click, from two forms (`PostForm`). */
function formKey(c: Context<AppEnv>): string | undefined {
  const once = c.get("isPage") ? c.req.query("once") : undefined;
  return once === undefined ? undefined : `form ${once.slice(0, 64)}`;
}

/** A person who clicked twice waits for what the first click comes to; a program is told to. */
async function admitted(
  store: IdempotencyStore,
  once: Parameters<IdempotencyStore["admit"]>[0],
  isForm: boolean,
): ReturnType<IdempotencyStore["admit"]> {
  for (let tries = isForm ? 50 : 0;; tries--) {
    const admission = await store.admit(once);
    if (admission.kind !== "running" || tries <= 0) return admission;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function carryOut(
  store: IdempotencyStore,
  claim: Claim,
  c: Context<AppEnv>,
  next: Next,
): Promise<void> {
  const { alongside } = c.var;
  c.set("alongside", (runIds) => [
    store.made(claim, runIds),
    ...alongside?.(runIds) ?? [],
  ]);
  await next();
  const { status } = c.res;
  // Nobody knows what became of it, and it may still come to something: the key stays taken until that shows.
  if (status >= 500) return;
  // Of pages only what leads on was done; all else is a form to be mended, or a file.
  const isDone = formKey(c) === undefined
    ? status >= 200 && status <= 299
    : status === 303;
  if (!isDone) return await store.forget(claim);
  const headers = keptHeaders.flatMap((name) => {
    const value = c.res.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  await store.keep(claim, {
    status,
    headers: Object.fromEntries(headers),
    body: await c.res.clone().text(),
  });
}

function replay({ status, headers, body }: KeptAnswer): Response {
  return new Response(body === "" ? null : body, {
    status,
    headers: { ...headers, "idempotency-replayed": "true" },
  });
}

/** Hashes the request, and puts its body back for the route to read. */
async function takeDigest(c: Context<AppEnv>): Promise<string> {
  const body = await readInto(c, c.var.maxBodyBytes ?? maxBodyBytes);
  const { pathname, search } = new URL(c.req.url);
  const boundary = boundaryOf(c.req.header("content-type") ?? "");
  const head = new TextEncoder().encode(
    [
      `${c.req.method} ${pathname}${search}`,
      ...shapingHeaders.map((name) =>
        withoutBoundary(c.req.header(name) ?? "", boundary)
      ),
      "",
    ].join("\n"),
  );
  const content = boundary === null ? body : new TextEncoder().encode(
    // Each byte is one character.
    withoutBoundary(new TextDecoder("latin1").decode(body), boundary),
  );
  const bytes = new Uint8Array(head.byteLength + content.byteLength);
  bytes.set(head);
  bytes.set(content, head.byteLength);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** What stands between the parts of a form; clients draw it anew for each request. */
function boundaryOf(contentType: string): string | null {
  const match = /^multipart\/.*;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(
    contentType,
  );
  return match?.[1] ?? match?.[2] ?? null;
}

/** A text that is the same for all boundaries, and another for any other difference. */
function withoutBoundary(text: string, boundary: string | null): string {
  return boundary === null ? text : JSON.stringify(text.split(boundary));
}
