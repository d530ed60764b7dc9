import { sql, type Statement } from "../../../core/database.ts";
import { badCredential, pasteFault } from "../../../core/credential.ts";
import { sha256Hex } from "../../../core/id.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads the key out of an `Auth-Key` header; null when there is none. An empty
 * header is a bad key, as it is to debci.
 *
 * @throws ApiError `unauthenticated` that says what went wrong in pasting.
 */
export function readAuthKey(header: string | null): string | null {
  if (header === null) return null;
  const fault = pasteFault("key", header) ?? shapeFault(header);
  if (fault !== null) throw badCredential(fault);
  return header;
}

function shapeFault(key: string): string | null {
  if (uuid.test(key)) return null;
  if (uuid.test(key.toLowerCase())) {
    return "the key has capital letters in it; keys are written in small ones";
  }
  return key.split(".").length === 3
    ? "this is a token, not an Auth-Key; send it as Authorization: Bearer TOKEN"
    : "the key is not whole: it must look like 00000000-0000-4000-8000-000000000000; copy it again";
}

/** The row of a new key, which is valid once it has been written. */
export async function insertAuthKey(request: {
  readonly id: string;
  /** Account id of its user. */
  readonly account: number;
  /** A new UUID (version 4): the credential. */
  readonly key: string;
  /** What its user calls it. */
  readonly name: string;
  readonly now: number;
}): Promise<Statement> {
  return sql`
    insert into auth_key_key (id, account, sha256, name, created_at)
    values (${request.id}, ${request.account}, ${await sha256Hex(request.key)},
      ${request.name}, ${request.now})`;
}
