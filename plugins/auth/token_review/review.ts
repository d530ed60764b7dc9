import * as z from "zod";
import { BoundedMap } from "../../../core/bounded_map.ts";
import { ApiError } from "../../../core/error.ts";
import { sha256Hex } from "../../../core/id.ts";
import type { ReviewOptions } from "./options.ts";

/** Who the cluster says a token is of. */
export type ClusterUser = {
  readonly username: string;
  /** Of the user's object; empty where the cluster has none. */
  readonly uid: string;
  readonly groups: readonly string[];
};

/** Asks the cluster about a token; null when it does not know it. */
export type Review = (token: string) => Promise<ClusterUser | null>;

const timeoutMs = 5_000;

/** Answers that are kept; about 500 bytes each. */
const maxRemembered = 1_000;

/** authentication.k8s.io/v1, TokenReview. */
const reviewSchema = z.object({
  status: z.object({
    authenticated: z.boolean().default(false),
    user: z.object({
      username: z.string().default(""),
      uid: z.string().default(""),
      groups: z.array(z.string()).default([]),
    }).optional(),
  }),
});

/**
 * Returns a function that asks the API server about tokens. An answer counts for
 * a few seconds, under the token's hash; requests with one token that come at once
 * ask once. It throws ApiError `unavailable` when there is no answer.
 */
export function createReview(
  options: ReviewOptions,
  lent: { readonly fetch: typeof fetch; readonly now: () => number },
): Review {
  type Answer = { until: number; readonly user: Promise<ClusterUser | null> };
  const answers = new BoundedMap<string, Answer>(maxRemembered);
  let inside = 0;
  const ask = async (token: string) => {
    if (inside >= options.concurrent) {
      throw unavailable("too many tokens are being checked at once");
    }
    inside++;
    try {
      return await askCluster(token, options, lent.fetch);
    } finally {
      inside--;
    }
  };
  return async function review(token) {
    const sha256 = await sha256Hex(token);
    const known = answers.get(sha256);
    if (known !== undefined && lent.now() < known.until) return known.user;
    const answer = { until: Infinity, user: ask(token) };
    answers.set(sha256, answer);
    try {
      const user = await answer.user;
      answer.until = lent.now() + options.cacheSeconds * 1000;
      return user;
    } catch (error) {
      answer.until = 0;
      throw error;
    }
  };
}

async function askCluster(
  token: string,
  { apiServer, token: own }: ReviewOptions,
  fetch: typeof globalThis.fetch,
): Promise<ClusterUser | null> {
  const url = `${apiServer}/apis/authentication.k8s.io/v1/tokenreviews`;
  let response: Response;
  let body: unknown;
  try {
    const ownToken = typeof own === "string" ? own : await own();
    response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${ownToken.trim()}`,
        "content-type": "application/json",
        accept: "application/json",
      },
      body: JSON.stringify({
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        spec: { token },
      }),
      // Neither token is for anybody else.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    body = await readJson(response);
  } catch (cause) {
    throw unavailable("its API server does not answer", cause);
  }
  const parsed = reviewSchema.safeParse(body);
  if (!response.ok || !parsed.success) {
    throw unavailable(reason(response.status), `status ${response.status}`);
  }
  const { authenticated, user } = parsed.data.status;
  return authenticated && user && user.username !== "" ? user : null;
}

/** An error's body may be anything; it is read all the same, to free the connection. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reason(status: number): string {
  switch (status) {
    case 401:
      return "it does not accept this server's own token";
    case 403:
      return "it does not let this server review tokens (role system:auth-delegator)";
    default:
      return "its API server does not answer as it must";
  }
}

function unavailable(why: string, cause?: unknown): ApiError {
  return new ApiError(
    "unavailable",
    `Cannot check the token with the cluster: ${why}; try again in a few seconds, or use a token or key of Slipway's own`,
    { headers: { "retry-after": "5" }, cause: `${why}: ${cause}` },
  );
}
