/**
 * `deno task key`: makes an Auth-Key of a user.
 * @module
 */
import { accountNameFault } from "../core/account.ts";
import { systemIds } from "../core/id.ts";
import { roles } from "../core/permission.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import { openStore } from "./store.ts";

const help = `Usage: deno task key --user NAME [--name TEXT]

Makes an Auth-Key of a user, and the user when it is new, as "debci api setkey"
does; the user's other keys stay valid. Prints the key, which is shown only this
once; send it in the header "Auth-Key".

  --user NAME    1 to 63 characters of a-z, 0-9, '.', '_' and '-'
  --name TEXT    what to call the key, such as "laptop"`;

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readKeyArguments(
  args: readonly string[],
): { user: string; name: string } {
  const { words, text } = readArguments("make a key", args, {
    text: ["user", "name"],
  });
  if (words.length > 0) {
    throw new UsageError(
      `Cannot make a key: "${
        words[0]
      }" is no option; a user is named with --user NAME`,
    );
  }
  const user = text("user");
  if (user === undefined) {
    throw new UsageError("Cannot make a key: --user NAME is missing");
  }
  const fault = accountNameFault(user);
  if (fault !== null) {
    throw new UsageError(`Cannot make a key: --user is not a name; ${fault}`);
  }
  return { user, name: text("name") ?? "" };
}

async function main(args: readonly string[]): Promise<void> {
  const { user, name } = readKeyArguments(args);
  using store = await openStore();
  const { account, created } = await store.accounts.ensure(
    "user",
    user,
    roles.trigger,
  );
  if (account.disabledAt !== null) {
    throw new Error(`Cannot make a key: user ${account.name} is disabled`);
  }
  const id = systemIds(store.now).uuid();
  const key = crypto.randomUUID();
  await store.database.batch([
    await insertAuthKey({
      id,
      account: account.id,
      key,
      name,
      now: store.now(),
    }),
  ]);
  tell(`Key ${id} of ${created ? "the new user" : "user"} ${account.name}.`);
  print(key);
}

if (import.meta.main) await runScript(help, main);
