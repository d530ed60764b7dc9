import * as z from "zod";
import { exitStatus } from "./exit_status.ts";
import { Failure, Refused, Unreachable } from "./failure.ts";

/** A whole answer of a server. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

/** Refusals of the native API (RFC 9457), of Gangway, and of debci's API to whoever accepts JSON. */
const refusalSchema = z.union([
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ error: z.string() }).transform(({ error }) => error),
]);

/** Longest plain text that is told as a reason; debci's are a line. */
const maxReasonLength = 2000;

/**
 * An answer's JSON.
 *
 * @throws Failure when it is not what the schema says.
 */
export function readAnswer<S extends z.ZodType>(
  { text }: Pick<Answer, "text">,
  schema: S,
  url: string,
): z.output<S> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure(
    `Cannot understand the answer of ${url}: is it a Slipway server of a version that this slipway knows? See slipway doctor`,
    exitStatus.infrastructure,
  );
}

/** An answer that is no success, as what it means to the person. */
export function toRefusal(answer: Answer, url: string, now: number): Refused {
  const { status, headers } = answer;
  const retryAfter = readRetryAfter(headers.get("retry-after"), now);
  if (status >= 300 && status < 400) {
    const to = headers.get("location") ?? "another place";
    return new Refused(
      `Cannot follow ${url}: it redirects to ${to}; use the URL of the server itself`,
      status,
    );
  }
  const reason = readReason(answer);
  const message = reason ??
    `${url} answered ${status} without a reason: is it a Slipway server?`;
  const hint = status === 401 || reason?.trim() === "Invalid key"
    ? "; sign in with slipway login, or set SLIPWAY_TOKEN"
    : "";
  return new Refused(`${message.trim()}${hint}`, status, retryAfter);
}

/** What kept a request from being answered, in words. `error` is what `fetch`, or reading its answer, threw. */
export function toUnreachable(error: unknown, url: string): Unreachable {
  const text = messagesOf(error);
  const isTimeout = error instanceof DOMException &&
    error.name === "TimeoutError";
  const why = isTimeout
    ? "no answer came in time"
    : reasons.find(([pattern]) => pattern.test(text))?.[1] ?? innermost(text);
  const wasSent = isTimeout || !/client error \(Connect\)/.test(text);
  return new Unreachable(`Cannot reach ${url}: ${why}`, wasSent);
}

/** Deno says what happened in the error's cause. */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? error.message
    : `${error.message}: ${messagesOf(error.cause)}`;
}

/** Of `fetch failed: error sending request for url (…): client error (Connect): …` what is said last. */
function innermost(text: string): string {
  return text.split(/client error \(\w+\): |fetch failed: /).at(-1) ?? text;
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110, 10.2.3); null when absent or senseless. */
export function readRetryAfter(
  header: string | null,
  now: number,
): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim())
    ? Number(header) * 1000
    : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, "nothing listens there; does the server run?"],
  [/dns error|failed to lookup/i, "there is no such host; is the URL right?"],
  [
    /UnknownIssuer|self.?signed/i,
    "its certificate is of an authority that this machine does not know; name the authority's file in DENO_CERT",
  ],
  [/certificate.*expired|Expired/, "its certificate has expired"],
  [/invalid HTTP version/, "it does not speak HTTP there; is it https:?"],
  [
    /not valid for name|NotValidForName/,
    "its certificate is for another host name",
  ],
  [/InvalidContentType|corrupt message/, "it does not speak TLS; is it http:?"],
  [
    /network is unreachable|no route to host/i,
    "there is no way to its network",
  ],
  [
    /connection (reset|closed)|broken pipe|message completed|IncompleteMessage|reading a body/i,
    "the connection broke off",
  ],
];

function readReason({ headers, text }: Answer): string | null {
  const parsed = refusalSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  // Proxies answer with pages; debci's plain texts are labelled HTML too, but are none.
  const isPage = /^\s*</.test(text) || text.trim() === "" ||
    text.length > maxReasonLength;
  const isDialect = headers.has("x-request-id");
  return isPage || !isDialect ? null : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
