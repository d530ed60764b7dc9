import * as z from "zod";
import {
  type HeldKey,
  importPublicJwk,
  importSigningKey,
  publicJwkSchema,
  type SigningKey,
  signingKeyFault,
  thumbprint,
} from "./signing_key.ts";

/** The keys that a server holds: one signs, the others' tokens stay good. */
export type KeySet = {
  readonly active: SigningKey;
  readonly verifyOnly: readonly HeldKey[];
};

const members = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

const verifyOnlySchema = publicJwkSchema.extend({
  status: z.literal("verify-only"),
});

/**
 * What is wrong with the text of a server's keys, or null; it never repeats
 * them. One private JWK, or a JWK Set (RFC 7517, 5) of which the first signs and
 * every other one is marked `"status": "verify-only"`, of which the public half
 * is enough.
 */
export function keySetFault(text: string): string | null {
  const set = readMembers(text);
  if (set === null) return signingKeyFault(text);
  const [first, ...others] = set;
  if (first === undefined) return 'has an empty list of "keys"';
  if (first.status !== undefined && first.status !== "active") {
    return 'has a first key that is not active; the first of "keys" signs';
  }
  const fault = signingKeyFault(JSON.stringify(first));
  if (fault !== null) return `has a first key that ${fault}`;
  const odd = others.findIndex((key) =>
    !verifyOnlySchema.safeParse(key).success
  );
  return odd < 0
    ? null
    : `has a faulty key number ${
      odd + 2
    }; after the first one expected {"kty":"OKP","crv":"Ed25519","x":"…","status":"verify-only"}`;
}

/**
 * Reads a server's keys.
 *
 * @throws TypeError when the text holds something else.
 */
export async function importKeySet(text: string): Promise<KeySet> {
  const { active, verifyOnly } = split(text);
  return {
    active: await importSigningKey(JSON.stringify(active)),
    verifyOnly: await Promise.all(verifyOnly.map(importPublicJwk)),
  };
}

/**
 * The keys with a new one in front, which signs from then on. Of the one that
 * signed so far the public half stays: nothing needs its private half any more.
 */
export function rotated(text: string, newKey: string): string {
  const { active, verifyOnly } = split(text);
  const keys = [
    { ...JSON.parse(newKey), status: "active" },
    ...[publicJwkSchema.parse(active), ...verifyOnly].map((key) => ({
      ...key,
      status: "verify-only",
    })),
  ];
  return JSON.stringify({ keys });
}

/** The keys without one that does not sign. */
export async function withoutKey(text: string, kid: string): Promise<string> {
  const { active, verifyOnly } = split(text);
  const kids = await Promise.all(verifyOnly.map(thumbprint));
  const keys = [
    { ...active, status: "active" },
    ...verifyOnly.filter((_, index) => kids[index] !== kid).map((key) => ({
      ...key,
      status: "verify-only",
    })),
  ];
  return JSON.stringify({ keys });
}

function split(text: string) {
  const fault = keySetFault(text);
  if (fault !== null) {
    throw new TypeError(`Cannot use the signing key: it ${fault}`);
  }
  const [active = JSON.parse(text), ...others] = readMembers(text) ?? [];
  return {
    active,
    verifyOnly: others.map((key) => publicJwkSchema.parse(key)),
  };
}

function readMembers(text: string) {
  try {
    const parsed = members.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.keys : null;
  } catch {
    return null;
  }
}
