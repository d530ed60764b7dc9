import { AccountStore } from "../../db/account_store.ts";
import { toTokenJson } from "../../plugins/auth/bearer/token_json.ts";
import { findToken } from "../../plugins/auth/bearer/token_store.ts";
import { print, readArguments, tell } from "../script.ts";
import { openUnchanged } from "../store.ts";
import { noSuchToken, readId } from "./arguments.ts";

const task = "show the token";

/** `deno task token show ID` */
export async function show(args: readonly string[]): Promise<void> {
  const { words } = readArguments(task, args, {});
  const id = readId(task, words);
  using database = await openUnchanged();
  const token = database === null ? null : await findToken(database, id);
  if (database === null || token === null) throw noSuchToken(task);
  const group = await new AccountStore(database, Date.now).find(token.account);
  const json = toTokenJson(token, group?.name ?? "", Date.now());
  print(JSON.stringify(json, null, 2));
  if (json.is_unused_for_90_days) {
    tell("Warning: live and not used for 90 days; is it still needed?");
  }
}
