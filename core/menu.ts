import type { Permission } from "./permission.ts";

/** Where a page is found: beside the overview, below `/account`, or below `/admin`. */
export type MenuPlace = "main" | "account" | "admin";

/** A page in the menus. Plugins name theirs (`menu` of a backend or a way to sign in). */
export type MenuEntry = {
  readonly place: MenuPlace;
  /** The page and all below it belong to the entry. */
  readonly path: string;
  readonly title: string;
  /** One sentence, for the list of pages. */
  readonly summary: string;
  /** Only for those who have it. */
  readonly permission?: Permission;
};

/** Pages of the app, in the order in which menus show them. */
export type Menu = readonly MenuEntry[];
