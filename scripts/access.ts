/**
 * `deno task access`: shows and changes what an account may do.
 * @module
 */
import type { Account } from "../core/account.ts";
import { describeLimits, limitFault } from "../core/limit.ts";
import { principalId } from "../core/principal.ts";
import type { Permission } from "../core/permission.ts";
import {
  type AccessArguments,
  readAccessArguments,
} from "./access/arguments.ts";
import { print, runScript, tell, UsageError } from "./script.ts";
import {
  audit,
  openStore,
  readConfiguration,
  type ScriptStore,
} from "./store.ts";

const help = `Usage: deno task access --user NAME | --group NAME [--role ROLE]
                        [--allow PERMISSION]... [--deny PERMISSION]...
                        [--backend NAME]... [--jobs GLOB]... | [--unlimited]
                        [--disable | --enable]

Shows what an account may do, after changing it when asked to. A permission is a
verb on a resource; either may be *. It holds from the next request on.

  --user NAME           a user
  --group NAME          a group
  --role ROLE           viewer, trigger, owner, admin or runner, in place of what
                        the account may now; an account that is new is made
  --allow PERMISSION    adds one, such as runs:read_private, to see others'
                        private runs, reject_list:admin, or *:* for everything
  --deny PERMISSION     takes away one of those that are shown
  --backend NAME        limits the account, and every credential of it, to work
                        of this backend; may be given several times
  --jobs GLOB           the same for jobs or packages, such as 'periodic-*'; both
                        take the place of the limits before
  --unlimited           takes the limits away
  --disable             refuses every credential of the account
  --enable              takes them again`;

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
  const { plugins } = readConfiguration();
  const backends = plugins.backends.map(({ name }) => name);
  const fault = limitFault(asked.limits?.[0] ?? {}, backends);
  if (fault !== null) throw new UsageError(`Cannot change access: ${fault}`);
  // Decided before an account is made.
  if (asked.role !== null) changePermissions(asked.role, asked);
  using store = await openStore();
  const account = await findAccount(store, asked);
  await change(store, account, asked);
  show(await store.accounts.find(account.id) ?? account);
}

async function findAccount(
  { accounts }: ScriptStore,
  { kind, name, role }: AccessArguments,
): Promise<Account> {
  if (role !== null) return (await accounts.ensure(kind, name, role)).account;
  const account = await accounts.findByName(kind, name);
  if (account !== null) return account;
  throw new Error(
    `Cannot change access: there is no ${kind} ${name}; "deno task access --${kind} ${name} --role ROLE" makes one`,
  );
}

async function change(
  store: ScriptStore,
  account: Account,
  asked: AccessArguments,
): Promise<void> {
  const { role, allow, deny, limits, isDisabled } = asked;
  const targets = [principalId(account)];
  const permissions = changePermissions(role ?? account.permissions, asked);
  const isOther = role !== null || limits !== null ||
    allow.length + deny.length > 0;
  if (isOther) {
    await store.accounts.allow(account.kind, account.name, {
      permissions,
      limits: limits ?? account.limits,
    });
    await audit(store, { action: "accounts:access", targets });
  }
  if (isDisabled !== null) {
    await store.accounts.disable(account.id, isDisabled);
    const action = isDisabled ? "accounts:disable" : "accounts:enable";
    await audit(store, { action, targets });
  }
}

function show({ kind, name, permissions, limits, disabledAt }: Account): void {
  const within = describeLimits(limits);
  const state = [
    ...(within === "" ? [] : [`limited to ${within}`]),
    ...(disabledAt === null
      ? []
      : [`disabled since ${new Date(disabledAt).toISOString()}`]),
  ].map((text) => ` (${text})`).join("");
  tell(`${kind} ${name}${state} may`);
  if (permissions.length > 0) print(permissions.join("\n"));
}

if (import.meta.main) await runScript(help, main);
