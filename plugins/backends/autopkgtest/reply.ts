import type { ApiError } from "../../../core/error.ts";
import type { Json } from "../../../core/json.ts";
import type { Principal } from "../../../core/principal.ts";
import { type FaultyItem, Refusal } from "./refusal.ts";

/**
 * debci's plain texts are labelled HTML (wire 1.1), and some repeat what the
 * caller sent. The policy keeps a browser from running any of it.
 */
const textHeaders = {
  "content-type": "text/html;charset=utf-8",
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
  "x-xss-protection": "1; mode=block",
};

const jsonHeaders = {
  "content-type": "application/json",
  "x-content-type-options": "nosniff",
};

/** Who is answered; every answer to somebody known names them (wire 1.1). */
type Caller = Pick<Principal, "name"> | null;

/** A plain text as debci sends it. */
export function textReply(
  status: number,
  text: string,
  caller: Caller,
): Response {
  return new Response(text, {
    status,
    headers: { ...textHeaders, ...authUser(caller) },
  });
}

/** JSON as debci sends it. */
export function jsonReply(
  status: number,
  value: Json,
  caller: Caller,
): Response {
  return new Response(htmlSafeJson(value), {
    status,
    headers: { ...jsonHeaders, ...authUser(caller) },
  });
}

/** What a write did: nothing as in debci, or the numbers of its runs for who accepts JSON. */
export function writtenReply(
  status: 200 | 201,
  request: Request,
  runIds: readonly number[],
  caller: Caller,
): Response {
  return acceptsJson(request)
    ? jsonReply(status, { run_ids: runIds }, caller)
    : textReply(status, "", caller);
}

/** A page of ours on one of debci's paths: labelled as debci's are, and to somebody known. */
export function asDebciPage(page: Response, caller: Caller): Response {
  for (
    const [name, value] of Object.entries({
      ...authUser(caller),
      "content-type": textHeaders["content-type"],
      "x-frame-options": textHeaders["x-frame-options"],
      "x-xss-protection": textHeaders["x-xss-protection"],
    })
  ) page.headers.set(name, value);
  return page;
}

/**
 * Every refusal on debci's paths. Without a credential, or with a bad one, debci
 * answers 403 and names no scheme; who signs in by other means than a key is told
 * what is wrong with those, and a person in front of the one page that wants
 * somebody signed in is asked who they are.
 */
export function refuse(
  error: ApiError,
  request: Request,
  principal: Principal | null,
): Response {
  if (error.code === "unauthenticated" && !asksForPage(request)) {
    const isKey = request.headers.has("auth-key") ||
      !request.headers.has("authorization");
    const text = isKey ? "Invalid key\n" : `${error.message}\n`;
    return refusalReply(403, text, null, request, []);
  }
  const [text, items] = error instanceof Refusal
    ? [error.message, error.items]
    : [`${error.message}\n`, []];
  const reply = refusalReply(error.status, text, principal, request, items);
  for (const [name, value] of Object.entries(error.options.headers ?? {})) {
    reply.headers.set(name, value);
  }
  return reply;
}

function refusalReply(
  status: number,
  text: string,
  caller: Caller,
  request: Request,
  items: readonly FaultyItem[],
): Response {
  if (!acceptsJson(request)) return textReply(status, text, caller);
  const error = text.trimEnd();
  return jsonReply(
    status,
    items.length === 0 ? { error } : { error, items: items.map(toJson) },
    caller,
  );
}

/** `request` is there in a batch only. */
function toJson({ request, ...item }: FaultyItem): Json {
  return request === undefined ? item : { request, ...item };
}

function asksForPage({ method, url, headers }: Request): boolean {
  return ["GET", "HEAD"].includes(method) &&
    new URL(url).pathname.startsWith("/api/v1/retry/") &&
    acceptsPage({ headers });
}

/** Whether somebody sits in front of a browser; scripts accept anything, but name no HTML. */
export function acceptsPage({ headers }: Pick<Request, "headers">): boolean {
  return (headers.get("accept") ?? "").includes("text/html");
}

const unsafe = ["<", ">", "&", "\u2028", "\u2029"];

/** JSON that is safe inside HTML: the escapes of Rails (wire 1.1). */
export function htmlSafeJson(value: Json): string {
  return htmlSafe(JSON.stringify(value));
}

/** As `htmlSafeJson`, of a text that is JSON already. */
export function htmlSafe(json: string): string {
  // Most texts have none of them, which is found out much faster than a pattern does.
  if (!unsafe.some((character) => json.includes(character))) return json;
  return json.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function acceptsJson(request: Request): boolean {
  const accepted = request.headers.get("accept") ?? "";
  return accepted.split(",").some((range) => {
    const [type, ...parameters] = range.split(";").map((part) =>
      part.trim().toLowerCase()
    );
    return type === "application/json" &&
      !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function authUser(caller: Caller): Record<string, string> {
  return caller === null ? {} : { "auth-user": caller.name };
}
