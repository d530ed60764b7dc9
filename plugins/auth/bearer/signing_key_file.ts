import type { Settings } from "../../../core/settings.ts";
import { generateSigningKey, signingKeyFault } from "./signing_key.ts";

/**
 * The signing key that the settings mean, as the JSON text of a JWK: the one
 * they hold, or with an embedded database the one in the data folder, which is
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
  const fault = signingKeyFault(text);
  if (fault === null) return text;
  throw new TypeError(`Cannot use the signing key in ${path}: it ${fault}`);
}

/** A link to a finished file: nobody sees half a key, and nobody's key is replaced. */
async function publish(path: string, text: string): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    using file = await Deno.open(draft, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    await file.write(new TextEncoder().encode(text + "\n"));
    await file.sync();
    await Deno.link(draft, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}
