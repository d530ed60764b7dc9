import type { Context } from "hono";
import type { AppEnv } from "../../core/app_env.ts";
import type { ApiError, ErrorStatus } from "../../core/error.ts";
import { problem } from "../../http/problem.ts";
import { type Frame, Layout, pathOf } from "./layout.tsx";
import { pageHeaders } from "./page_headers.ts";
import { Name } from "./text.tsx";

/** Answers with a page: 201 for one that shows what was made, 400 and the like for one whose form must be mended. */
export function answerPage(
  c: Context<AppEnv>,
  frame: Frame,
  status: 200 | 201 | ErrorStatus = 200,
): Response {
  const page = <Layout {...frame} c={c} />;
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

/** Answers a form that was carried out: the browser goes on to a page, and loading that anew repeats nothing. */
export function seeOther(path: string): Response {
  return new Response(null, {
    status: 303,
    headers: { ...pageHeaders, location: path },
  });
}

/** Whether a person asks with a browser, and not a program. */
export function wantsPage(request: Request): boolean {
  return /\btext\/html\b/.test(request.headers.get("accept") ?? "");
}

/** A refusal: a page for people, else `application/problem+json`. */
export function answerRefusal(c: Context<AppEnv>, error: ApiError): Response {
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
    <Layout c={c} title={title}>
      <h1>{title}</h1>
      <p>
        <Name text={error.message} />
      </p>
      <p>
        <a href="/">Overview</a> · <a href="/runs">All runs</a> ·{" "}
        <a href="/docs">API</a>
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
  return seeOther(`/login?return_to=${encodeURIComponent(next)}`);
}

function titleOf({ status }: ApiError): string {
  if (status === 404) return "Not found";
  if (status === 403) return "Not allowed";
  return status >= 500 ? "Something went wrong" : "That does not work";
}
