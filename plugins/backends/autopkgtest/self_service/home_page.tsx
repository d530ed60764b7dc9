import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../../core/app_env.ts";
import { createRouter } from "../../../../http/router.ts";
import { answerPage, Name, page, seeOther } from "../../../../ui/kit/mod.ts";
import { elsewhere, ofUser, ownPath } from "./path.ts";
import { tabsOf } from "./tabs.tsx";

const answers = {
  200: { description: "A page" },
  303: { description: "To the page that it is" },
};

/** Names whose home is debci's path of something else. */
const takenNames = ["login", "logout"];

/** Where somebody's pages begin. */
function homeOf(name: string): string {
  return ownPath(name, takenNames.includes(name) ? "/jobs" : "");
}

/** `/user/NAME`, and debci's other paths that lead to pages which are elsewhere here (wire 2.1). */
export function homePage(): OpenAPIHono<AppEnv> {
  const router = createRouter();
  // Whoever is nobody yet is led to the sign-in by the guard, and back.
  for (const path of ["/user", "/user/", "/user/login"] as const) {
    const toOwn = page("signed-in", {
      method: "get",
      path,
      summary: "Leads to the reader's own page",
      responses: answers,
    });
    router.openapi(toOwn, (c) => seeOther(homeOf(c.var.principal.name)));
  }
  const toLogout = page("signed-in", {
    method: "get",
    path: "/user/logout",
    summary: "Leads to where one signs out",
    responses: answers,
  });
  router.openapi(toLogout, () => seeOther("/logout"));
  const moved = page("signed-in", {
    method: "get",
    path: "/user/{user}/getkey",
    summary: "Leads to where keys are made",
    request: ofUser,
    responses: answers,
  });
  router.openapi(moved, () => seeOther("/account/keys"));
  const home = page("tests:read", {
    method: "get",
    path: "/user/{user}",
    summary: "What somebody may do about package tests",
    request: ofUser,
    responses: answers,
  });
  router.openapi(home, (c) => {
    const { user } = c.req.valid("param");
    const { name } = c.var.principal;
    if (elsewhere(c, "") !== null) {
      return seeOther(
        user === ":user" ? homeOf(name) : ownPath(user, "/jobs"),
      );
    }
    return answerPage(c, {
      title: "Package tests",
      children: (
        <>
          <h1>
            Package tests of <Name text={name} />
          </h1>
          <ul class="menu-list">
            {tabsOf(c).map(({ path, title, summary }) => (
              <li>
                <a href={path}>{title}</a> <small>{summary}</small>
              </li>
            ))}
            <li>
              <a href="/api/doc">API of the package tests</a>{" "}
              <small>The same for scripts, with examples</small>
            </li>
          </ul>
        </>
      ),
    });
  });
  return router;
}
