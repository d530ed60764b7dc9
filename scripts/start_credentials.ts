import * as z from "zod";
import { systemIds } from "../core/id.ts";
import { roles } from "../core/permission.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import { makeToken } from "../plugins/auth/bearer/mint.ts";
import { defaultIssuer } from "../plugins/auth/bearer/token.ts";
import type { ScriptStore } from "./store.ts";
import { openMint } from "./token/mint.ts";

const schema = z.object({ token: z.string(), authKey: z.string() });

/** A token of the group `demo` and an Auth-Key of the user `demo`. */
export type StartCredentials = z.output<typeof schema>;

/**
 * The credentials that `deno task start` prints: those of the last start, kept
 * in the data folder (mode 0600), or new ones when `accepts` finds them dead.
 */
export async function startCredentials(
  store: ScriptStore,
  accepts: (credentials: StartCredentials) => Promise<boolean>,
): Promise<StartCredentials> {
  const path = `${store.settings.dataDirectory}/start_credentials.json`;
  const kept = await read(path);
  if (kept !== null && await accepts(kept)) return kept;
  const made = await make(store);
  await Deno.writeTextFile(path, JSON.stringify(made) + "\n", { mode: 0o600 });
  return made;
}

async function read(path: string): Promise<StartCredentials | null> {
  try {
    return schema.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch {
    // Missing or damaged: new ones are made.
    return null;
  }
}

async function make(store: ScriptStore): Promise<StartCredentials> {
  const mint = await openMint(store, defaultIssuer);
  const { accounts, now } = store;
  const ids = systemIds(now);
  const description = "printed by deno task start";
  const group = await accounts.ensure("group", "demo", roles.trigger);
  const user = await accounts.ensure("user", "demo", roles.trigger);
  const { token } = await makeToken(mint, {
    account: group.account,
    scopes: roles.trigger,
    limits: [],
    createdBy: null,
    expiresAt: null,
    description,
  });
  const authKey = crypto.randomUUID();
  const key = {
    id: ids.uuid(),
    account: user.account.id,
    key: authKey,
    name: description,
    now: now(),
  };
  await store.database.batch([await insertAuthKey(key)]);
  return { token, authKey };
}
