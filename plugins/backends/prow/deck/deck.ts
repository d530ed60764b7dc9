import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import type { Principal } from "../../../../core/principal.ts";
import type { Run } from "../../../../core/run.ts";
import type { Access } from "../../../../http/guard.ts";
import type { Options } from "../options.ts";
import { quote } from "../request_rules.ts";
import { mayRead } from "../../../../core/access.ts";
import type { StorageView } from "./storage_layout.ts";

/** What Deck's routes are lent. */
export type DeckContext = BackendContext<Options>;

/** How the OpenAPI document groups Deck's routes. */
export const tags = ["Prow Deck"];

/** What reading takes. Prow's Deck is open to everybody; here that has to be asked for. */
export function readingAccess({ publicDeck }: Options): Access {
  return publicDeck ? "public" : "executions:read";
}

/** Who reads; null is anybody, where Deck is public. */
export function readerOf(c: Context<AppEnv>): Principal | null {
  return c.get("principal") ?? null;
}

/** Where this request's links lead. */
export function viewOf(
  { options, baseUrl }: DeckContext,
  c: Context<AppEnv>,
): StorageView {
  return { bucket: options.bucket, baseUrl: baseUrl(c.req.raw) };
}

/**
 * The run that the query parameter `prowjob` names.
 *
 * @throws ApiError `invalid` without it, `not_found` in Deck's words (gangway 100).
 */
export async function findProwJob(
  { runs }: DeckContext,
  id: string | undefined,
  reader: Principal | null,
): Promise<Run> {
  if (!id) {
    throw new ApiError(
      "invalid",
      "request did not provide the 'prowjob' query parameter",
    );
  }
  const run = await runs.find(id);
  if (run !== null && mayRead(run, reader)) return run;
  throw new ApiError(
    "not_found",
    `ProwJob not found: prowjobs.prow.k8s.io ${quote(id)} not found`,
  );
}

/**
 * Headers of everything that Deck answers: it changes all the time, and is
 * nothing that a page of another site may load with a browser's credential,
 * unless all may read it anyway.
 */
export function headers(
  { publicDeck }: Options,
  contentType: string,
): Record<string, string> {
  return {
    "content-type": contentType,
    "cache-control": "no-store, must-revalidate",
    "expires": "0",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": publicDeck ? "cross-origin" : "same-origin",
  };
}

/** Content-Type of what Deck answers in words. */
export const plainText = "text/plain; charset=utf-8";
