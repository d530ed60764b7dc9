/**
 * `deno task key`: makes, lists and revokes Auth-Keys.
 * @module
 */
import { accountNameFault } from "../core/account.ts";
import { type Database, sql } from "../core/database.ts";
import { descriptionFault } from "../core/description.ts";
import { systemIds } from "../core/id.ts";
import { roles } from "../core/permission.ts";
import { principalId } from "../core/principal.ts";
import { AccountStore } from "../db/account_store.ts";
import {
  findAuthKeys,
  insertAuthKey,
  type KeptKey,
  revokeAuthKey,
} from "../plugins/auth/auth_key/key.ts";
import {
  print,
  printable,
  readArguments,
  runScript,
  tell,
  UsageError,
} from "./script.ts";
import { audit, openStore, openUnchanged } from "./store.ts";

const help = `Usage: deno task key --user NAME [--name TEXT]
       deno task key list [--user NAME]
       deno task key revoke ID

Makes an Auth-Key of a user, and the user when it is new, as "debci api setkey"
does; the user's other keys stay valid. Prints the key, which is shown only this
once; send it in the header "Auth-Key".

  list           prints a line for each key, the newest first, with tabs between
                 id, owner, time made, time last used, state and description
  revoke ID      a key that nobody shall use any more; list shows the ids

  --user NAME    1 to 63 characters of a-z, 0-9, '.', '_' and '-'
  --name TEXT    what to call the key, such as "laptop"`;

/** What is to be done. */
export type KeyArguments =
  | { readonly action: "make"; readonly user: string; readonly name: string }
  /** Null: everybody's. */
  | { readonly action: "list"; readonly user: string | null }
  | { readonly action: "revoke"; readonly id: string };

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readKeyArguments(args: readonly string[]): KeyArguments {
  const { words, text } = readArguments("manage keys", args, {
    text: ["user", "name"],
  });
  const [action, ...more] = words;
  const [user, name] = [text("user"), text("name")];
  switch (action) {
    case undefined:
      return readMake(user, name ?? "");
    case "list":
      if (more.length > 0 || name !== undefined) {
        throw new UsageError(
          "Cannot list keys: there is nothing more to say than --user NAME",
        );
      }
      return { action, user: user === undefined ? null : readUser(user) };
    case "revoke":
      return { action, id: readId(more, user ?? name) };
    default:
      throw new UsageError(
        `Cannot manage keys: "${action}" is nothing to do; there are list and revoke ID; to make a key, a user is named with --user NAME`,
      );
  }
}

function readMake(user: string | undefined, name: string): KeyArguments {
  if (user === undefined) {
    throw new UsageError("Cannot make a key: --user NAME is missing");
  }
  const fault = descriptionFault(name);
  if (fault !== null) {
    throw new UsageError(
      `Cannot make a key: --name is not as it must be: ${fault}`,
    );
  }
  return { action: "make", user: readUser(user), name };
}

function readUser(user: string): string {
  const fault = accountNameFault(user);
  if (fault === null) return user;
  throw new UsageError(`Cannot manage keys: --user is not a name; ${fault}`);
}

function readId(ids: readonly string[], option: string | undefined): string {
  const [id, ...more] = ids;
  if (id === undefined || more.length > 0 || option !== undefined) {
    throw new UsageError(
      "Cannot revoke a key: expected its ID and nothing more; deno task key list shows the ids",
    );
  }
  return id;
}

async function main(args: readonly string[]): Promise<void> {
  const wanted = readKeyArguments(args);
  switch (wanted.action) {
    case "make":
      return await make(wanted);
    case "list":
      return await list(wanted.user);
    case "revoke":
      return await revoke(wanted.id);
    default:
      return wanted satisfies never;
  }
}

async function make(wanted: { user: string; name: string }): Promise<void> {
  using store = await openStore();
  const { account, created } = await store.accounts.ensure(
    "user",
    wanted.user,
    roles.trigger,
  );
  if (account.disabledAt !== null) {
    throw new Error(`Cannot make a key: user ${account.name} is disabled`);
  }
  const ids = systemIds(store.now);
  const [id, key] = [ids.uuid(), ids.randomUuid()];
  await store.database.batch([
    await insertAuthKey({
      id,
      account: account.id,
      key,
      name: wanted.name,
      now: store.now(),
    }),
  ]);
  await audit(store, { action: "keys:create", targets: [id] });
  tell(`Key ${id} of ${created ? "the new user" : "user"} ${account.name}.`);
  print(key);
}

async function list(user: string | null): Promise<void> {
  using database = await openUnchanged();
  const keys = database === null ? [] : await findKeys(database, user);
  if (keys.length === 0) return tell("There are no keys.");
  tell("id, owner, made, last used, state, description:");
  for (const line of keys) print(line);
}

async function findKeys(
  database: Database,
  user: string | null,
): Promise<string[]> {
  const owner = user === null
    ? null
    : await new AccountStore(database, Date.now).findByName("user", user);
  if (user !== null && owner === null) {
    throw new Error(`Cannot list the keys of ${user}: there is no such user`);
  }
  const owners = new Map(
    (await database.query(sql`select id, kind, name from account`)).map((
      { id, kind, name },
    ) => [
      Number(id),
      principalId({
        kind: kind === "group" ? "group" : "user",
        name: String(name),
      }),
    ]),
  );
  const keys = await findAuthKeys(database, owner?.id ?? null);
  return keys.map((key) => toLine(key, owners.get(key.account) ?? ""));
}

function toLine(key: KeptKey, owner: string): string {
  return [
    key.id,
    owner,
    toIso(key.createdAt),
    key.lastUsedAt === null ? "never" : toIso(key.lastUsedAt),
    key.revokedAt === null ? "live" : `revoked ${toIso(key.revokedAt)}`,
    printable(key.description),
  ].join("\t");
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

async function revoke(id: string): Promise<void> {
  using store = await openStore();
  const [revoked] = await store.database.batch([
    revokeAuthKey({ id, account: null, now: store.now() }),
  ]);
  if (revoked?.changes !== 1) {
    // What was given may be a key itself, so it is not repeated.
    throw new Error(
      "Cannot revoke the key: there is none of this id; deno task key list shows the ids, which are not the keys themselves",
    );
  }
  await audit(store, { action: "keys:revoke", targets: [id] });
  tell(`Key ${id} is revoked: no request with it is answered any more.`);
}

if (import.meta.main) await runScript(help, main);
