import type * as z from "zod";
import { type Answer, readAnswer, toRefusal, toUnreachable } from "./answer.ts";
import type { Clock } from "./clock.ts";
import { Interrupted, Refused, Unreachable } from "./failure.ts";
import { retryDelayMs } from "./retry.ts";
import { type Server, signIn } from "./server.ts";

/** One request to the server. */
export type ApiRequest = {
  readonly method?: "GET" | "POST" | "DELETE";
  /** With its query; behind the server's URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** With it the request is carried out once, however often it is sent. */
  readonly idempotencyKey?: string;
  /** Whether sending it twice does no harm; by default reading is, and whatever has an Idempotency-Key. */
  readonly isRepeatable?: boolean;
  readonly timeoutMs?: number;
};

/** What the API is lent. */
export type ApiLent = {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly interrupt: AbortSignal;
  /** Tells the person why it takes longer. */
  readonly tell: (text: string) => void;
  /** How long to try again; null for what is usual. */
  readonly patienceMs: number | null;
};

/** Nobody wants to wait much longer at a prompt; a server that restarts is back by then. */
const usualPatienceMs = 30_000;
const requestTimeoutMs = 30_000;

/** Speaks to one server. */
export class Api {
  readonly server: Server;
  readonly lent: ApiLent;

  constructor(server: Server, lent: ApiLent) {
    this.server = server;
    this.lent = lent;
  }

  /**
   * Asks, and asks again while that may help; the answer's JSON must fit the schema.
   *
   * @throws Failure of the kind that fits.
   */
  async json<S extends z.ZodType>(
    request: ApiRequest,
    schema: S,
  ): Promise<z.output<S>> {
    const headers = { accept: "application/json", ...request.headers };
    const answer = await this.ask({ ...request, headers });
    return readAnswer(answer, schema, this.server.url);
  }

  /**
   * Asks, and asks again while that may help.
   *
   * @throws Refused, Unreachable or Interrupted. `Unreachable.wasSent` is true when any of the tries may have been carried out.
   */
  async ask(request: ApiRequest): Promise<Answer> {
    const { clock, random, tell } = this.lent;
    const isRepeatable = request.isRepeatable ??
      ((request.method ?? "GET") === "GET" ||
        request.idempotencyKey !== undefined);
    const patienceMs = this.lent.patienceMs ?? usualPatienceMs;
    const startedAt = clock.now();
    let wasSent = false;
    for (let failures = 1;; failures++) {
      try {
        return await this.askOnce(request);
      } catch (error) {
        wasSent ||= mayBeCarriedOut(error);
        const elapsedMs = clock.now() - startedAt;
        const delayMs = retryDelayMs(
          { error, failures, elapsedMs, patienceMs, isRepeatable },
          random,
        );
        if (delayMs === null) throw withDoubt(error, wasSent);
        tell(`${text(error)}; trying again in ${seconds(delayMs)}`);
        await clock.sleep(delayMs, this.lent.interrupt);
        if (this.lent.interrupt.aborted) throw new Interrupted();
      }
    }
  }

  /** Asks once, and reads the whole answer. */
  async askOnce(request: ApiRequest): Promise<Answer> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? requestTimeoutMs);
    const response = await this.open(request, timeout);
    const text = await response.text().catch((error: unknown) => {
      throw this.#broken(error);
    });
    const { status, headers } = response;
    const answer = { status, headers, text };
    if (response.ok) return answer;
    throw toRefusal(answer, this.server.url, this.lent.clock.now());
  }

  /**
   * Sends a request once; the answer's body is not read yet. A redirect is not
   * followed: the credential is for this server alone.
   */
  async open(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { method = "GET", path, headers, body, idempotencyKey } = request;
    const { url, credential } = this.server;
    try {
      return await this.lent.fetch(`${url}${path}`, {
        method,
        headers: {
          ...signIn(credential),
          ...idempotencyKey && { "idempotency-key": idempotencyKey },
          ...headers,
        },
        body: body ?? null,
        redirect: "manual",
        signal: AbortSignal.any([signal, this.lent.interrupt]),
      });
    } catch (error) {
      throw this.#broken(error);
    }
  }

  #broken(error: unknown): Unreachable | Interrupted {
    return this.lent.interrupt.aborted
      ? new Interrupted()
      : toUnreachable(error, this.server.url);
  }
}

/** A path's part out of a text that somebody typed. */
export function pathPart(text: string): string {
  return encodeURIComponent(text);
}

function mayBeCarriedOut(error: unknown): boolean {
  if (error instanceof Unreachable) return error.wasSent;
  return error instanceof Refused && error.httpStatus >= 500;
}

function withDoubt(error: unknown, wasSent: boolean): unknown {
  return error instanceof Unreachable && wasSent && !error.wasSent
    ? new Unreachable(error.message, true)
    : error;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`;
}
