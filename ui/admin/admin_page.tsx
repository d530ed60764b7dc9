import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../core/app_env.ts";
import { ApiError } from "../../core/error.ts";
import { allows } from "../../core/permission.ts";
import { createRouter } from "../../http/router.ts";
import { MenuList } from "../kit/menu_list.tsx";
import { page, readerOf } from "../kit/page_route.ts";
import { answerPage } from "../kit/respond.tsx";

/** `/admin`: what those who run the service may look after here. */
export function adminPage(): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("signed-in", {
    method: "get",
    path: "/admin",
    summary: "What may be administered here",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) => {
    const permissions = readerOf(c)?.permissions ?? [];
    const entries = c.var.menu.filter(({ place, permission }) =>
      place === "admin" &&
      (permission === undefined || allows(permissions, permission))
    );
    if (entries.length === 0) {
      throw new ApiError(
        "forbidden",
        `Cannot show this to ${c.var.principal.kind} "${c.var.principal.name}": it is for administrators; ask one of them to look, or for a role`,
      );
    }
    return answerPage(c, {
      title: "Admin",
      children: (
        <>
          <h1>Admin</h1>
          <MenuList entries={entries} />
        </>
      ),
    });
  });
  return router;
}
