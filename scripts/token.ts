/**
 * `deno task token`: makes an automation token of a group.
 * @module
 */
import { type Account, accountNameFault } from "../core/account.ts";
import { systemIds } from "../core/id.ts";
import { type Permission, roles } from "../core/permission.ts";
import { isPermission, narrow } from "../plugins/auth/bearer/scope.ts";
import { importSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import { findSigningKey } from "../plugins/auth/bearer/signing_key_file.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import { parseDurationMs } from "../core/duration.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import { openStore, type ScriptStore } from "./store.ts";

const help = `Usage: deno task token --group NAME [options]

Makes an automation token of a group, and the group when it is new. Prints the
token, which is shown only this once; send it as "Authorization: Bearer TOKEN".

  --group NAME          1 to 63 characters of a-z, 0-9, '.', '_' and '-'
  --scope PERMISSION    allow only this, such as executions:create or '*:read';
                        may be given several times; default: all the group may do
  --expires WHEN        never (default), or after 12h, 90d, 8w
  --description TEXT    what the token is for
  --issuer NAME         when slipway.config.ts sets bearer's option "issuer"`;

/** What a token is asked to be. */
export type TokenArguments = {
  readonly group: string;
  readonly scopes: readonly Permission[] | null;
  /** Null: never. */
  readonly lifetimeMs: number | null;
  readonly description: string;
  readonly issuer: string;
};

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readTokenArguments(args: readonly string[]): TokenArguments {
  const { words, text, list } = readArguments("make a token", args, {
    text: ["group", "expires", "description", "issuer"],
    lists: ["scope"],
  });
  const group = text("group");
  const expires = text("expires") ?? "never";
  const fault = wordsFault(words) ?? groupFault(group) ??
    scopeFault(list("scope")) ?? expiryFault(expires);
  if (fault !== null || group === undefined) {
    throw new UsageError(`Cannot make a token: ${fault}`);
  }
  const scopes = list("scope").filter(isPermission);
  return {
    group,
    scopes: scopes.length > 0 ? scopes : null,
    lifetimeMs: parseDurationMs(expires),
    description: text("description") ?? "",
    issuer: text("issuer") ?? defaultIssuer,
  };
}

function wordsFault([word]: readonly string[]): string | null {
  return word === undefined
    ? null
    : `"${word}" is no option; a group is named with --group NAME`;
}

function groupFault(group: string | undefined): string | null {
  if (group === undefined) return "--group NAME is missing";
  const fault = accountNameFault(group);
  return fault === null ? null : `--group is not a name; ${fault}`;
}

function scopeFault(scopes: readonly string[]): string | null {
  const odd = scopes.find((scope) => !isPermission(scope));
  return odd === undefined
    ? null
    : `--scope "${odd}" is not a permission; it is RESOURCE:VERB such as executions:create, where either may be *`;
}

function expiryFault(expires: string): string | null {
  return expires === "never" || parseDurationMs(expires) !== null
    ? null
    : `--expires "${expires}" is not a time; it is never, or a number of hours, days or weeks such as 12h, 90d, 8w`;
}

async function main(args: readonly string[]): Promise<void> {
  const wanted = readTokenArguments(args);
  using store = await openStore();
  const key = await findKey(store);
  const { account, created } = await store.accounts.ensure(
    "group",
    wanted.group,
    roles.trigger,
  );
  if (account.disabledAt !== null) {
    throw new Error(`Cannot make a token: group ${account.name} is disabled`);
  }
  const now = store.now();
  const jti = systemIds(store.now).uuid();
  const expiresAt = wanted.lifetimeMs === null ? null : now + wanted.lifetimeMs;
  const request = { ...wanted, key, account, jti, now, expiresAt };
  const { token, insert } = await issueToken(request);
  await store.database.batch([insert]);
  tell(describe(request, created));
  print(token);
}

function describe(
  { jti, account, scopes, expiresAt }: {
    readonly jti: string;
    readonly account: Account;
    readonly scopes: readonly Permission[] | null;
    readonly expiresAt: number | null;
  },
  isNew: boolean,
): string {
  const allowed = scopes === null
    ? account.permissions
    : narrow(account.permissions, scopes);
  const end = expiresAt === null ? "never" : new Date(expiresAt).toISOString();
  return `Token ${jti} of ${isNew ? "the new group" : "group"} ` +
    `${account.name}: allows ${
      allowed.join(", ") || "nothing that the group may do"
    }, expires ${end}.`;
}

async function findKey(store: ScriptStore) {
  const text = await findSigningKey(store.settings);
  if (text === undefined) {
    throw new TypeError(
      "Cannot make a token: SLIPWAY_SIGNING_KEY is not set; with a database server it must hold the same key here as in the servers (the content of a data/signing_key.json serves)",
    );
  }
  return await importSigningKey(text);
}

if (import.meta.main) await runScript(help, main);
