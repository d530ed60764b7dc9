import type { Database } from "../../core/database.ts";
import { describeLimits } from "../../core/limit.ts";
import { AccountStore } from "../../db/account_store.ts";
import { GroupStore } from "../../db/group_store.ts";
import { toTokenJson } from "../../plugins/auth/bearer/token_json.ts";
import {
  findTokens,
  type KeptToken,
} from "../../plugins/auth/bearer/token_store.ts";
import { print, printable, readArguments, tell } from "../script.ts";
import { openUnchanged } from "../store.ts";
import { readName, refuseWords } from "./arguments.ts";

const task = "list tokens";

/** `deno task token list [--group NAME]` */
export async function list(args: readonly string[]): Promise<void> {
  const { words, text } = readArguments(task, args, { text: ["group"] });
  refuseWords(task, words);
  const given = text("group");
  const group = given === undefined ? null : readName(task, "--group", given);
  using database = await openUnchanged();
  const lines = database === null ? [] : await findLines(database, group);
  if (lines.length === 0) return tell("There are no tokens.");
  tell("id, group, made, last used, state, allows, description:");
  for (const { line } of lines) print(line);
  const forgotten = lines.filter(({ isForgotten }) => isForgotten);
  if (forgotten.length === 0) return;
  tell(
    `Warning: ${forgotten.length} live and not used for 90 days; what nobody needs is ended with deno task token revoke ID`,
  );
}

async function findLines(database: Database, group: string | null) {
  const now = Date.now();
  const accounts = new AccountStore(database, Date.now);
  const groups = await new GroupStore(database, accounts, Date.now).list();
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const wanted = groups.find(({ name }) => name === group);
  if (group !== null && wanted === undefined) {
    throw new Error(
      `Cannot list the tokens of ${group}: there is no such group`,
    );
  }
  const tokens = await findTokens(database, {
    accounts: wanted === undefined ? null : [wanted.id],
  });
  return tokens.map((token) => toLine(token, names, now));
}

function toLine(
  token: KeptToken,
  names: ReadonlyMap<number, string>,
  now: number,
) {
  const json = toTokenJson(token, names.get(token.account) ?? "", now);
  const isForgotten = json.is_unused_for_90_days;
  const line = [
    json.id,
    json.group,
    json.created_at,
    json.last_used_at ?? "never",
    stateText(json),
    [json.scope?.join(" ") ?? "all its group may", describeLimits(token.limits)]
      .filter((part) => part !== "").join(", "),
    printable(json.description),
  ].join("\t");
  return { line, isForgotten };
}

function stateText(json: ReturnType<typeof toTokenJson>): string {
  if (json.state === "revoked") return `revoked ${json.revoked_at}`;
  if (json.state === "expired") return `expired ${json.expires_at}`;
  const until = json.expires_at === null ? "" : ` until ${json.expires_at}`;
  return `live${until}${
    json.is_unused_for_90_days ? ", unused for 90 days" : ""
  }`;
}
