import * as z from "zod";
import { systemIds } from "../core/id.ts";
import { roles } from "../core/permission.ts";
import { GroupStore } from "../db/group_store.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import { makeToken } from "../plugins/auth/bearer/mint.ts";
import { defaultIssuer } from "../plugins/auth/bearer/token.ts";
import type { ScriptStore } from "./store.ts";
import { openMint } from "./token/mint.ts";

const schema = z.object({
  token: z.string(),
  authKey: z.string(),
  user: z.string(),
  password: z.string(),
});

/** A token of the group `demo`, and an Auth-Key and the password of its owner, the user `demo`. */
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
  const user = await accounts.ensure("user", "demo", roles.owner);
  const { token } = await makeToken(mint, {
    account: group.account,
    scopes: roles.trigger,
    limits: [],
    createdBy: null,
    expiresAt: null,
    description,
  });
  const authKey = crypto.randomUUID();
  const password = newPassword();
  const key = {
    id: ids.uuid(),
    account: user.account.id,
    key: authKey,
    name: description,
    now: now(),
  };
  const hash = await hashPassword(password, newSalt());
  await store.database.batch([
    await insertAuthKey(key),
    savePassword({ account: user.account, hash, now: now() }),
  ]);
  await new GroupStore(store.database, accounts, now)
    .addOwners(group.account.id, [user.account]);
  return { token, authKey, user: user.account.name, password };
}

/** Twenty letters and digits that are not taken for one another, about 98 bits, in groups that can be typed. */
function newPassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const drawn: string[] = [];
  while (drawn.length < 20) {
    // Those above are drawn again, so that each letter is as likely as any other.
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 248) drawn.push(letters.charAt(byte % letters.length));
  }
  return (drawn.join("").match(/.{5}/g) ?? []).join("-");
}
