import type { Menu } from "../../../../core/menu.ts";
import { rejectListPath } from "./path.ts";

/** The pages of this folder in the menus. */
export const selfServiceMenu: Menu = [
  {
    place: "main",
    // As debci's own links say it to whoever follows them.
    path: "/user/:user/test",
    title: "Request a test",
    summary: "Ask for the test of a Debian package, by form or by JSON",
    permission: "tests:create",
  },
  {
    place: "account",
    path: "/user",
    title: "Package tests",
    summary: "What you have asked for: follow, retry, cancel, publish",
    permission: "tests:read",
  },
  {
    place: "admin",
    path: rejectListPath,
    title: "Reject list",
    summary: "Packages that are not tested, and why",
    permission: "reject_list:admin",
  },
];
