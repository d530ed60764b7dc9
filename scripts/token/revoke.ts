import { principalId } from "../../core/principal.ts";
import {
  findToken,
  revokeTokens,
} from "../../plugins/auth/bearer/token_store.ts";
import { readArguments, tell, UsageError } from "../script.ts";
import { audit, openStore, type ScriptStore } from "../store.ts";
import { noSuchToken, readGroup, readId } from "./arguments.ts";

const task = "revoke tokens";

/** What is to be revoked. */
export type RevokeArguments =
  | { readonly kind: "one"; readonly id: string }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "all" };

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readRevokeArguments(args: readonly string[]): RevokeArguments {
  const isAll = args.includes("--all");
  const { words, text } = readArguments(
    task,
    args.filter((arg) => arg !== "--all"),
    { text: ["group"] },
  );
  const group = text("group");
  const given = Number(isAll) + Number(group !== undefined) +
    Number(words.length > 0);
  if (given !== 1) {
    throw new UsageError(
      `Cannot ${task}: expected one of ID, --group NAME and --all; deno task token list shows the ids`,
    );
  }
  if (isAll) return { kind: "all" };
  return group === undefined
    ? { kind: "one", id: readId("revoke a token", words) }
    : { kind: "group", group: readGroup(task, group) };
}

/** `deno task token revoke …` */
export async function revoke(args: readonly string[]): Promise<void> {
  const wanted = readRevokeArguments(args);
  using store = await openStore();
  switch (wanted.kind) {
    case "one":
      return await revokeOne(store, wanted.id);
    case "group":
      return await revokeGroup(store, wanted.group);
    case "all": {
      const count = await write(store, "all", ["all"]);
      return tell(`${count} tokens are revoked: there is none left.`);
    }
    default:
      return wanted satisfies never;
  }
}

async function revokeOne(store: ScriptStore, id: string): Promise<void> {
  const token = await findToken(store.database, id);
  if (token === null) throw noSuchToken("revoke the token");
  await write(store, { id }, [id]);
  tell(`Token ${id} is revoked: no request with it is answered any more.`);
}

async function revokeGroup(store: ScriptStore, name: string): Promise<void> {
  const group = await store.accounts.findByName("group", name);
  if (group === null) {
    throw new Error(`Cannot ${task}: there is no group ${name}`);
  }
  const count = await write(store, { account: group.id }, [
    principalId(group),
  ]);
  tell(`${count} tokens of group ${name} are revoked: it has none left.`);
}

async function write(
  store: ScriptStore,
  which: Parameters<typeof revokeTokens>[0],
  targets: readonly string[],
): Promise<number> {
  const { database, now } = store;
  const [revoked] = await database.batch([revokeTokens(which, now())]);
  await audit(store, { action: "tokens:revoke", targets });
  return revoked?.changes ?? 0;
}
