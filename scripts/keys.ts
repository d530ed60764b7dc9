/**
 * `deno task keys`: manages the keys that sign automation tokens.
 * @module
 */
import {
  importKeySet,
  rotated,
  withoutKey,
} from "../plugins/auth/bearer/key_set.ts";
import {
  adoptTokens,
  countLiveTokens,
  findKeys,
  keepKey,
  retireKey,
} from "../plugins/auth/bearer/key_store.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import {
  changeSigningKeyFile,
  findSigningKey,
} from "../plugins/auth/bearer/signing_key_file.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import { audit, openStore, type ScriptStore } from "./store.ts";

const help = `Usage: deno task keys list
       deno task keys rotate
       deno task keys retire KID

Manages the keys that sign automation tokens. One signs (active); the tokens of
others stay good (verify-only) until they are retired.

  list      prints a line for each key, the newest first, with tabs between its
            kid, state, time first used and number of live tokens
  rotate    makes a new key, which signs from now on. With an embedded database
            it is kept in the data folder and servers need no restart; where
            SLIPWAY_SIGNING_KEY is set, its new value is printed
  retire    ends every token that a verify-only key has signed, at once`;

/** What is to be done. */
export type KeysArguments =
  | { readonly action: "list" | "rotate" }
  | { readonly action: "retire"; readonly kid: string };

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readKeysArguments(args: readonly string[]): KeysArguments {
  const [first, second, ...rest] = args[0] === "--" ? args.slice(1) : args;
  // A kid may begin with a dash.
  if (first === "retire" && /^[\w-]{43}$/.test(second ?? "")) {
    if (rest.length === 0) return { action: first, kid: second ?? "" };
  }
  const { words: [action, ...more] } = readArguments("manage keys", args, {});
  if ((action === "list" || action === "rotate") && more.length === 0) {
    return { action };
  }
  throw new UsageError(
    action === "retire"
      ? "Cannot retire a key: expected its KID, 43 characters, and nothing more; deno task keys list shows them"
      : "Cannot manage keys: say what to do, list, rotate or retire KID",
  );
}

async function main(args: readonly string[]): Promise<void> {
  const wanted = readKeysArguments(args);
  using store = await openStore();
  const text = await findSigningKey(store.settings);
  if (text === undefined) {
    throw new TypeError(
      "Cannot manage keys: SLIPWAY_SIGNING_KEY is not set; with a database server it must hold the same keys here as in the servers",
    );
  }
  switch (wanted.action) {
    case "list":
      return await list(store, text);
    case "rotate":
      return await rotate(store, text);
    case "retire":
      return await retire(store, text, wanted.kid);
    default:
      return wanted satisfies never;
  }
}

async function list(store: ScriptStore, text: string): Promise<void> {
  const { active, verifyOnly } = await importKeySet(text);
  const { database, now } = store;
  await database.batch([
    ...[active, ...verifyOnly].map((key) => keepKey(key, now())),
    adoptTokens(active.kid),
  ]);
  const tokens = await countLiveTokens(database, now());
  tell("kid, state, first used, live tokens:");
  for (const { kid, createdAt, retiredAt } of await findKeys(database)) {
    const state = retiredAt !== null
      ? `retired ${new Date(retiredAt).toISOString()}`
      : kid === active.kid
      ? "active"
      : "verify-only";
    const firstUsed = new Date(createdAt).toISOString();
    const live = retiredAt === null ? tokens.get(kid) ?? 0 : 0;
    print([kid, state, firstUsed, live].join("\t"));
  }
}

/** The store knows the new key before anything is signed with it: so no server refuses its first token. */
async function rotate(store: ScriptStore, text: string): Promise<void> {
  const { settings, database, now } = store;
  const newKey = await generateSigningKey();
  const { active: old } = await importKeySet(text);
  const fresh = await importSigningKey(newKey);
  await database.batch([
    keepKey(old, now()),
    adoptTokens(old.kid),
    keepKey(fresh, now()),
  ]);
  await audit(store, {
    action: "signing_keys:rotate",
    targets: [old.kid, fresh.kid],
  });
  const isSet = settings.signingKey !== undefined;
  if (isSet) print(rotated(text, newKey));
  else {
    await changeSigningKeyFile(
      settings.dataDirectory,
      (current) => Promise.resolve(rotated(current, newKey)),
    );
  }
  const live = (await countLiveTokens(database, now())).get(old.kid) ?? 0;
  tell(
    `${
      isSet
        ? `Set SLIPWAY_SIGNING_KEY to this in every server; then key ${fresh.kid} signs.`
        : `Key ${fresh.kid} signs from now on.`
    } The one before, ${old.kid}, still vouches for ${live} live tokens; once they are rotated: deno task keys retire ${old.kid}`,
  );
}

async function retire(
  store: ScriptStore,
  text: string,
  kid: string,
): Promise<void> {
  const { settings, database, now } = store;
  const { active, verifyOnly } = await importKeySet(text);
  if (kid === active.kid) {
    throw new Error(
      "Cannot retire the key: it is the one that signs; deno task keys rotate makes another one first",
    );
  }
  const live = (await countLiveTokens(database, now())).get(kid) ?? 0;
  const results = await database.batch([
    ...verifyOnly.map((key) => keepKey(key, now())),
    retireKey(kid, now()),
  ]);
  if (results.at(-1)?.changes !== 1) {
    throw new Error(
      "Cannot retire the key: there is none of this kid; deno task keys list shows them",
    );
  }
  await audit(store, { action: "signing_keys:retire", targets: [kid] });
  if (settings.signingKey === undefined) {
    await changeSigningKeyFile(
      settings.dataDirectory,
      (current) => withoutKey(current, kid),
    );
  }
  tell(`Key ${kid} is retired, and with it ${live} live tokens.`);
}

if (import.meta.main) await runScript(help, main);
