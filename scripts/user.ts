/**
 * `deno task user`: manages users and their passwords.
 * @module
 */
import { accountNameFault } from "../core/account.ts";
import { roles } from "../core/permission.ts";
import { principalId } from "../core/principal.ts";
import {
  hashPassword,
  newSalt,
  passwordFault,
} from "../plugins/auth/basic/password.ts";
import { findPassword, savePassword } from "../plugins/auth/basic/user.ts";
import { readPassword } from "./password_input.ts";
import { readArguments, runScript, tell, UsageError } from "./script.ts";
import { audit, openStore } from "./store.ts";

const help = `Usage: deno task user add NAME
       deno task user password NAME

Gives a user a password, with which "curl --user NAME" signs in. The password is
read from standard input: its first line, of 8 to 200 characters.

  add         a new user, or one who has only keys so far
  password    another password for a user

  NAME        1 to 63 characters of a-z, 0-9, '.', '_' and '-'`;

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readUserArguments(
  args: readonly string[],
): { action: "add" | "password"; name: string } {
  const { words } = readArguments("manage users", args, {});
  const [action, name, ...more] = words;
  if (action !== "add" && action !== "password") {
    throw new UsageError(
      action === undefined
        ? "Cannot manage users: say what to do, add NAME or password NAME"
        : `Cannot manage users: "${action}" is nothing to do; there are add and password`,
    );
  }
  if (name === undefined || more.length > 0) {
    throw new UsageError(`Cannot ${action} a user: expected one NAME`);
  }
  const fault = accountNameFault(name);
  if (fault !== null) throw new UsageError(`Cannot ${action} a user: ${fault}`);
  return { action, name };
}

async function main(args: readonly string[]): Promise<void> {
  const { action, name } = readUserArguments(args);
  const password = await readPassword(`Password for ${name}: `);
  const fault = passwordFault(password);
  if (fault !== null) {
    throw new UsageError(
      `Cannot ${action} a user: ${fault}; it is the first line of standard input`,
    );
  }
  using store = await openStore();
  const known = await findPassword(store.database, name);
  if (action === "add" && known !== null) {
    throw new Error(
      `Cannot add user ${name}: there is one already; "deno task user password ${name}" gives another password`,
    );
  }
  if (action === "password" && known === null) {
    throw new Error(
      `Cannot change the password of ${name}: there is none; "deno task user add ${name}" gives the first one`,
    );
  }
  const hash = await hashPassword(password, newSalt());
  const { account } = await store.accounts.ensure("user", name, roles.trigger);
  await store.database.batch([
    savePassword({ account, hash, now: store.now() }),
  ]);
  await audit(store, {
    action: action === "add" ? "users:create" : "users:password",
    targets: [principalId(account)],
  });
  tell(`User ${name} signs in with the new password from now on.`);
}

if (import.meta.main) await runScript(help, main);
