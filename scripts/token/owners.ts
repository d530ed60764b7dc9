import type { Account } from "../../core/account.ts";
import { roles } from "../../core/permission.ts";
import { principalId } from "../../core/principal.ts";
import { GroupStore } from "../../db/group_store.ts";
import { print, readArguments, tell } from "../script.ts";
import { audit, openStore, type ScriptStore } from "../store.ts";
import { readGroup, readName, refuseWords } from "./arguments.ts";

const task = "name owners";

/** `deno task token owners --group NAME …` */
export async function owners(args: readonly string[]): Promise<void> {
  const { words, text, list } = readArguments(task, args, {
    text: ["group"],
    lists: ["add", "remove"],
  });
  refuseWords(task, words);
  const name = readGroup(task, text("group"));
  const added = list("add").map((user) => readName(task, "--add", user));
  const removed = list("remove").map((user) =>
    readName(task, "--remove", user)
  );
  using store = await openStore();
  const group = await store.accounts.findByName("group", name);
  if (group === null) {
    throw new Error(`Cannot ${task}: there is no group ${name}`);
  }
  await addOwners(store, group, added);
  const groups = groupsOf(store);
  for (const user of removed) {
    const account = await store.accounts.findByName("user", user);
    const was = account !== null &&
      await groups.removeOwner(group.id, account.id);
    if (was) {
      await audit(store, {
        action: "groups:disown",
        targets: [principalId(group), `user:${user}`],
      });
    }
    tell(`User ${user} ${was ? "no longer owns" : "did not own"} ${name}.`);
  }
  for (const owner of await groups.owners(group.id)) print(owner.name);
}

/** Makes users owners of a group; a user who is new is made. */
export async function addOwners(
  store: ScriptStore,
  group: Account,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const users: Account[] = [];
  for (const name of names) {
    const { account, created } = await store.accounts.ensure(
      "user",
      name,
      roles.owner,
    );
    users.push(account);
    tell(
      created
        ? `The new user ${name} owns ${group.name}: "deno task user add ${name}" gives a password.`
        : `User ${name} owns ${group.name}.`,
    );
  }
  await groupsOf(store).addOwners(group.id, users);
  await audit(store, {
    action: "groups:own",
    targets: [group, ...users].map(principalId),
  });
}

function groupsOf({ database, accounts, now }: ScriptStore): GroupStore {
  return new GroupStore(database, accounts, now);
}
