import { sql } from "../../../core/database.ts";
import { roles } from "../../../core/permission.ts";
import {
  assertRefused,
  type AuthStore,
  openAuthStore,
  testAuth,
} from "../../../tests/conformance/auth.ts";
import { insertAuthKey } from "./key.ts";
import authKey from "./mod.ts";

async function seed({ accounts, database, clock }: AuthStore) {
  const { account } = await accounts.ensure("user", "alice", roles.trigger);
  const key = crypto.randomUUID();
  await database.batch([
    await insertAuthKey({
      id: crypto.randomUUID(),
      account: account.id,
      key,
      name: "laptop",
      now: clock.now,
    }),
  ]);
  return { key };
}

const withKey = (key: string) => ({ "auth-key": key });

testAuth("auth_key", {
  auth: authKey(),
  seed,
  good: { name: "a key", headers: ({ key }) => withKey(key) },
  bad: [
    { name: "an empty header", headers: () => withKey("") },
    {
      name: "a key that was never made",
      headers: () => withKey(crypto.randomUUID()),
    },
    {
      name: "a key in capitals",
      headers: ({ key }) => withKey(key.toUpperCase()),
    },
    { name: "a key in quotes", headers: ({ key }) => withKey(`"${key}"`) },
    { name: "half a key", headers: ({ key }) => withKey(key.slice(0, 20)) },
    { name: "two keys", headers: ({ key }) => withKey(`${key}, ${key}`) },
    { name: "an unset shell variable", headers: () => withKey("$DEBCI_KEY") },
    { name: "a placeholder", headers: () => withKey("<your key>") },
    { name: "a token", headers: () => withKey("eyJhbGciOi.eyJpc3Mi.c2ln") },
    {
      name: "text that tries to be SQL",
      headers: () => withKey("' or 1=1 --"),
    },
  ],
  foreign: [
    {
      name: "the key in another header",
      headers: ({ key }) => ({ authorization: `Bearer ${key}` }),
    },
  ],
});

Deno.test("a revoked key is refused at once", async () => {
  using store = await openAuthStore(authKey());
  const { key } = await seed(store);
  await store.authenticate(
    new Request("http://slipway.test/", { headers: withKey(key) }),
  );
  await store.database.batch([
    sql`update auth_key_key set revoked_at = ${store.clock.now}`,
  ]);
  await assertRefused(store, withKey(key), "revoked");
});

Deno.test("the store keeps a key's hash only", async () => {
  using store = await openAuthStore(authKey());
  const { key } = await seed(store);
  const rows = await store.database.query(sql`select * from auth_key_key`);
  const kept = JSON.stringify(rows);
  if (rows.length !== 1 || kept.includes(key)) throw new Error(kept);
});
