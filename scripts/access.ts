/**
 * `deno task access`: shows and changes what an account may do.
 * @module
 */
import { accountNameFault } from "../core/account.ts";
import { principalId } from "../core/principal.ts";
import type { Permission } from "../core/permission.ts";
import { isPermission } from "../plugins/auth/bearer/scope.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import { audit, openStore } from "./store.ts";

const help = `Usage: deno task access --user NAME | --group NAME
                        [--allow PERMISSION]... [--deny PERMISSION]...

Shows what an account may do, after changing it when asked to. A permission is a
verb on a resource; either may be *. It holds from the next request on. "allow"
adds a permission and "deny" takes one away that was given.

  --user NAME           a user
  --group NAME          a group
  --allow PERMISSION    such as runs:read_private, to see others' private runs,
                        reject_list:admin, or *:* for everything
  --deny PERMISSION     one of those that are shown`;

/** What `deno task access` is asked to do. */
export type AccessArguments = {
  readonly kind: "user" | "group";
  readonly name: string;
  readonly allow: readonly Permission[];
  readonly deny: readonly Permission[];
};

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readAccessArguments(args: readonly string[]): AccessArguments {
  const { words, text, list } = readArguments("change access", args, {
    text: ["user", "group"],
    lists: ["allow", "deny"],
  });
  const [user, group] = [text("user"), text("group")];
  const name = user ?? group;
  if (
    words.length > 0 || name === undefined ||
    user !== undefined && group !== undefined
  ) {
    throw new UsageError(
      "Cannot change access: name one account, with --user NAME or --group NAME",
    );
  }
  const fault = accountNameFault(name);
  if (fault !== null) {
    throw new UsageError(`Cannot change access: ${fault}`);
  }
  return {
    kind: user === undefined ? "group" : "user",
    name,
    allow: list("allow").map(readPermission),
    deny: list("deny").map(readPermission),
  };
}

function readPermission(text: string): Permission {
  if (isPermission(text)) return text;
  throw new UsageError(
    `Cannot change access: "${text}" is not a permission; expected one such as runs:read_private or *:read`,
  );
}

/**
 * The permissions as they are after a change.
 *
 * @throws Error when one is to be taken away that was never given.
 */
export function changePermissions(
  before: readonly Permission[],
  { allow, deny }: Pick<AccessArguments, "allow" | "deny">,
): Permission[] {
  const after = new Set([...before, ...allow]);
  for (const permission of deny) {
    if (!after.delete(permission)) {
      throw new Error(
        `Cannot deny ${permission}: the account has ${
          before.join(" ") || "no permission"
        }; deny the one that covers it`,
      );
    }
  }
  return [...after];
}

async function main(args: readonly string[]): Promise<void> {
  const asked = readAccessArguments(args);
  using store = await openStore();
  const account = await store.accounts.findByName(asked.kind, asked.name);
  if (account === null) {
    throw new Error(
      `Cannot change access: there is no ${asked.kind} ${asked.name}; "deno task ${
        asked.kind === "user" ? "key --user" : "token --group"
      } ${asked.name}" makes one`,
    );
  }
  const permissions = changePermissions(account.permissions, asked);
  if (asked.allow.length + asked.deny.length > 0) {
    await store.accounts.allow(account.kind, account.name, {
      permissions,
      limits: account.limits,
    });
    await audit(store, {
      action: "accounts:access",
      targets: [principalId(account)],
    });
  }
  tell(`${asked.kind} ${asked.name} may`);
  if (permissions.length > 0) print(permissions.join("\n"));
}

if (import.meta.main) await runScript(help, main);
