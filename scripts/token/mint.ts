import { systemIds } from "../../core/id.ts";
import { importKeySet } from "../../plugins/auth/bearer/key_set.ts";
import type { Mint } from "../../plugins/auth/bearer/mint.ts";
import { findSigningKey } from "../../plugins/auth/bearer/signing_key_file.ts";
import type { ScriptStore } from "../store.ts";

/**
 * What a script makes tokens with.
 *
 * @throws TypeError when there is no signing key.
 */
export async function openMint(
  { settings, database, now }: Pick<
    ScriptStore,
    "settings" | "database" | "now"
  >,
  issuer: string,
): Promise<Mint> {
  const text = await findSigningKey(settings);
  if (text === undefined) {
    throw new TypeError(
      "Cannot make a token: SLIPWAY_SIGNING_KEY is not set; with a database server it must hold the same key here as in the servers (the content of a data/signing_key.json serves)",
    );
  }
  const set = await importKeySet(text);
  const keys = () => Promise.resolve(set);
  return { database, now, ids: systemIds(now), issuer, keys };
}
