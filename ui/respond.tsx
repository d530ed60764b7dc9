import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import type { ApiError } from "../core/error.ts";
import type { Principal } from "../core/principal.ts";
import { problem } from "../http/problem.ts";
import { type Frame, Layout } from "./layout.tsx";
import { pageHeaders } from "./page_headers.ts";
import { Name } from "./text.tsx";

/** Answers with a page. */
export function answerPage(
  c: Context<AppEnv>,
  frame: Omit<Frame, "path">,
  status: 200 | 400 = 200,
): Response {
  const page = <Layout {...frame} path={pathOf(c)} />;
  return new Response(`<!DOCTYPE html>${page}`, {
    status,
    headers: { ...pageHeaders, "content-type": "text/html; charset=utf-8" },
  });
}

/** Answers with a piece of a page, for its script. */
export function answerPiece(piece: unknown): Response {
  return new Response(String(piece), {
    headers: { ...pageHeaders, "content-type": "text/html; charset=utf-8" },
  });
}

/** Whether a person asks with a browser, and not a program. */
export function wantsPage(request: Request): boolean {
  return /\btext\/html\b/.test(request.headers.get("accept") ?? "");
}

/** A refusal: a page for people, else `application/problem+json`. */
export function answerRefusal(
  c: Context<AppEnv>,
  error: ApiError,
  reader: Principal | null,
): Response {
  if (!wantsPage(c.req.raw)) {
    const answer = problem(error, c.var.requestId);
    for (const [name, value] of Object.entries(pageHeaders)) {
      answer.headers.set(name, value);
    }
    return answer;
  }
  if (error.code === "unauthenticated") return toLogin(c);
  const title = titleOf(error);
  const page = (
    <Layout title={title} path={pathOf(c)} reader={reader}>
      <h1>{title}</h1>
      <p>
        <Name text={error.message} />
      </p>
      <p>
        <a href="/">Overview</a> · <a href="/runs">All runs</a>
      </p>
    </Layout>
  );
  return new Response(`<!DOCTYPE html>${page}`, {
    status: error.status,
    headers: {
      ...error.options.headers,
      ...pageHeaders,
      "content-type": "text/html; charset=utf-8",
    },
  });
}

/** Sends whoever is nobody to where people sign in, and back after that. */
function toLogin(c: Context<AppEnv>): Response {
  const next = c.req.method === "GET" ? pathOf(c) : "/";
  return new Response(null, {
    status: 303,
    headers: {
      ...pageHeaders,
      location: `/login?return_to=${encodeURIComponent(next)}`,
    },
  });
}

function titleOf({ status }: ApiError): string {
  if (status === 404) return "Not found";
  if (status === 403) return "Not allowed";
  return status >= 500 ? "Something went wrong" : "That does not work";
}

function pathOf(c: Context<AppEnv>): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}
