/**
 * The pages of those who run the service: accounts, runners, queues, the audit.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../core/app_env.ts";
import { readAudit } from "../../core/audit.ts";
import type { Menu } from "../../core/menu.ts";
import { createRouter } from "../../http/router.ts";
import type { PagesParts } from "../parts.ts";
import { accountLists } from "./account_list.tsx";
import { accountRoutes } from "./account_routes.ts";
import { adminPage } from "./admin_page.tsx";
import { auditPage } from "./audit_page.tsx";
import { ownerRoutes } from "./owner_routes.ts";
import { queuesPage } from "./queues_page.tsx";
import { runnerPage } from "./runner_page.tsx";
import { runnersPage } from "./runners_page.tsx";

/** Their entries, in the order in which menus show them. */
export const adminMenu: Menu = [
  {
    place: "admin",
    path: "/admin/users",
    title: "Users",
    summary: "Who may do what; roles, limits, disabling",
    permission: "accounts:manage",
  },
  {
    place: "admin",
    path: "/admin/groups",
    title: "Groups",
    summary: "Automation and who owns it; roles, limits, disabling",
    permission: "accounts:manage",
  },
  {
    place: "admin",
    path: "/admin/runners",
    title: "Runners",
    summary: "Who works, and on what; pause, drain, revoke",
    permission: "runners:manage",
  },
  {
    place: "admin",
    path: "/admin/queues",
    title: "Queues",
    summary: "What waits, whose it is, and who can serve it",
    permission: "runs:admin",
  },
  {
    place: "admin",
    path: "/admin/audit",
    title: "Audit",
    summary: "Who changed what, and who was refused",
    permission: readAudit,
  },
];

/** All of them. Does no I/O. */
export function adminPages(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const all = [
    adminPage(),
    accountLists(parts),
    accountRoutes(parts),
    ownerRoutes(parts),
    runnersPage(parts),
    runnerPage(parts),
    queuesPage(parts),
    auditPage(parts),
  ];
  for (const routes of all) router.route("/", routes);
  return router;
}
