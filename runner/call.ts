import * as z from "zod";
import { Retryable, retryAfterMs } from "./retry.ts";

/** The attempt is no longer the live one: its work is to be stopped and its result thrown away. */
export class StaleAttempt extends Error {
  override readonly name = "StaleAttempt";
}

/** The server understood, and says no. The message is its own sentence. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly status: number,
    message: string,
    readonly headers = new Headers(),
  ) {
    super(message);
  }
}

/** One request of the runner protocol. */
export type Call = {
  readonly method: "POST" | "PATCH" | "PUT";
  readonly url: string;
  readonly token: string;
  /** A function gives the bytes anew for each try; any other object goes as JSON. */
  readonly body?:
    | object
    | Uint8Array<ArrayBuffer>
    | (() => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>);
  readonly headers?: Readonly<Record<string, string>>;
  /** After this without a whole answer the request counts as lost. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** What `call` is lent. */
export type CallLent = {
  readonly fetch: typeof fetch;
  /** Epoch milliseconds, to read a `Retry-After` date. */
  readonly now: () => number;
};

/** A refusal of Slipway (RFC 9457); what is none came from somebody in between. */
const problemSchema = z.object({ detail: z.string(), code: z.string() });

const passingStatuses: readonly number[] = [408, 425, 429];

/**
 * Sends one request and reads the whole answer, which must fit the schema;
 * 204 is null.
 *
 * @throws Retryable when asking again may help.
 * @throws StaleAttempt when the attempt has been taken from this runner.
 * @throws Refused for every other refusal.
 */
export async function call<Answer extends z.ZodType>(
  request: Call,
  answer: Answer,
  lent: CallLent,
): Promise<z.output<Answer> | null> {
  const { response, text } = await exchange(request, lent);
  if (response.status === 204) return null;
  if (response.ok) {
    const parsed = answer.safeParse(fromJson(text));
    if (parsed.success) return parsed.data;
    throw new Retryable(
      `${request.url} answered ${response.status} with a body that is not of the runner protocol`,
    );
  }
  throw refusal(request, response, text, lent.now());
}

async function exchange(request: Call, lent: CallLent) {
  const { body, signal } = request;
  const isBytes = body instanceof Uint8Array || typeof body === "function";
  const timeout = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await lent.fetch(request.url, {
      method: request.method,
      headers: {
        authorization: `Bearer ${request.token}`,
        accept: "application/json",
        "content-type": isBytes
          ? "application/octet-stream"
          : "application/json",
        ...request.headers,
      },
      body: await toBody(body),
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { response, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Retryable(`${request.url} cannot be reached: ${reason}`);
  }
}

async function toBody(body: Call["body"]): Promise<BodyInit> {
  if (body instanceof Uint8Array) return body;
  return body instanceof Function ? await body() : JSON.stringify(body ?? {});
}

/** What an answer that is no success means. */
function refusal(
  request: Call,
  response: Response,
  text: string,
  now: number,
): Error {
  const { status, headers } = response;
  const problem = problemSchema.safeParse(fromJson(text));
  if (problem.data?.code === "stale_attempt") {
    return new StaleAttempt(problem.data.detail);
  }
  if (status >= 500 || passingStatuses.includes(status)) {
    return new Retryable(
      `${request.url} answered ${status}`,
      retryAfterMs(headers.get("retry-after"), now),
    );
  }
  if (status >= 300 && status < 400) {
    return new Refused(
      status,
      `${request.url} redirects to ${
        headers.get("location") ?? "another place"
      }: set SLIPWAY_URL to where the server really is`,
    );
  }
  if (status === 412 || status === 416 || problem.success) {
    const detail = problem.data?.detail ?? `${request.url} answered ${status}`;
    return new Refused(status, detail, headers);
  }
  return new Retryable(
    `${request.url} answered ${status} without Slipway's reason: is it a Slipway server?`,
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
