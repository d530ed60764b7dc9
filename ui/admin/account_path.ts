import type { Account } from "../../core/account.ts";

/** Where accounts of a kind are listed. */
export function accountsPath(kind: Account["kind"]): string {
  return kind === "user" ? "/admin/users" : "/admin/groups";
}

/** The page of an account. */
export function accountPath(
  { kind, name }: Pick<Account, "kind" | "name">,
): string {
  return `${accountsPath(kind)}/${encodeURIComponent(name)}`;
}
