import type { Settings } from "../../../core/settings.ts";
import { keySetFault } from "./key_set.ts";
import { generateSigningKey } from "./signing_key.ts";

/**
 * The signing keys that the settings mean, as the JSON text of a JWK or a JWK Set: those
 * they hold, or with an embedded database those in the data folder, which is
 * made when it is missing. Undefined with a remote database: its servers must
 * share a key, so none is made up.
 *
 * @throws TypeError when the file holds something else.
 */
export async function findSigningKey(
  settings: Pick<Settings, "signingKey" | "databaseUrl" | "dataDirectory">,
): Promise<string | undefined> {
  if (settings.signingKey !== undefined) return settings.signingKey;
  if (!settings.databaseUrl.startsWith("file:")) return undefined;
  return await ensureSigningKeyFile(settings.dataDirectory);
}

/**
 * Reads `signing_key.json` of the folder, which is made (mode 0600) when it is
 * missing and never overwritten; of several processes at once, one makes it.
 *
 * @throws TypeError when the file holds something else.
 */
export async function ensureSigningKeyFile(directory: string): Promise<string> {
  const path = `${directory}/signing_key.json`;
  const known = await read(path);
  if (known !== null) return known;
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  await publish(path, await generateSigningKey());
  const made = await read(path);
  if (made === null) throw new Error(`Cannot keep the signing key in ${path}`);
  return made;
}

async function read(path: string): Promise<string | null> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const fault = keySetFault(text);
  if (fault === null) return text;
  throw new TypeError(`Cannot use the signing key in ${path}: it ${fault}`);
}

/**
 * Changes the keys in `signing_key.json` of the folder, in one step: whoever
 * reads sees the keys of before or those of after. Of several processes at once
 * each changes what the one before has left. `change` runs in its turn.
 *
 * @throws TypeError when the file holds something else.
 */
export async function changeSigningKeyFile(
  directory: string,
  change: (text: string) => Promise<string>,
): Promise<void> {
  await ensureSigningKeyFile(directory);
  const path = `${directory}/signing_key.json`;
  using lock = await Deno.open(`${directory}/signing_key.lock`, {
    write: true,
    create: true,
    mode: 0o600,
  });
  // Let go of when the file is closed, at the latest with the process.
  await lock.lock(true);
  const text = await read(path);
  if (text === null) throw new Error(`Cannot find the signing key in ${path}`);
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await write(draft, await change(text));
    await Deno.rename(draft, path);
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

async function write(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  await file.write(new TextEncoder().encode(text + "\n"));
  await file.sync();
}

/** A link to a finished file: nobody sees half a key, and nobody's key is replaced. */
async function publish(path: string, text: string): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await write(draft, text);
    await Deno.link(draft, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}
