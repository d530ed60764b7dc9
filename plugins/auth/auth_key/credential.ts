import { badCredential, pasteFault } from "../../../core/credential.ts";

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
