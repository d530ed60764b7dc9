import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import * as z from "zod";

/** A public key that tokens may be signed with. */
export type HeldKey = {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly publicKey: CryptoKey;
  readonly publicJwk: PublicJwk;
};

/** An Ed25519 key pair that signs tokens. */
export type SigningKey = HeldKey & { readonly privateKey: CryptoKey };

const bytes32 = z.string().regex(
  /^[A-Za-z0-9_-]{43}$/,
  "expected 32 bytes as base64url",
);

/** The public half (RFC 8037, 2). */
export const publicJwkSchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: bytes32,
});

/** A public half as a JWK. */
export type PublicJwk = z.output<typeof publicJwkSchema>;

const jwkSchema = publicJwkSchema.extend({ d: bytes32 });

const expected =
  'expected a private Ed25519 key as a JWK: {"kty":"OKP","crv":"Ed25519","x":"…","d":"…"}';

/** What is wrong with the text of a signing key, or null. Never repeats it. */
export function signingKeyFault(text: string): string | null {
  const json = parseJson(text);
  if (json === undefined) return `is not JSON; ${expected}`;
  const parsed = jwkSchema.safeParse(json);
  if (parsed.success) return null;
  const names = parsed.error.issues.map((issue) => issue.path.join("."));
  return names.includes("")
    ? `is not a JSON object; ${expected}`
    : `has a wrong or missing ${[...new Set(names)].join(", ")}; ${expected}`;
}

/**
 * Reads a private Ed25519 JWK.
 *
 * @throws TypeError when the text is not one, or its halves are not of one pair.
 */
export async function importSigningKey(text: string): Promise<SigningKey> {
  const fault = signingKeyFault(text);
  if (fault !== null) {
    throw new TypeError(`Cannot use the signing key: it ${fault}`);
  }
  const { d, ...publicJwk } = jwkSchema.parse(parseJson(text));
  const privateKey = await importJwk({ ...publicJwk, d }, "sign");
  const key = { ...await importPublicJwk(publicJwk), privateKey };
  if (!await isPair(key)) {
    throw new TypeError(
      'Cannot use the signing key: its public part "x" does not belong to its private part "d"; make a new one',
    );
  }
  return key;
}

/** A public half, ready for use. */
export async function importPublicJwk(publicJwk: PublicJwk): Promise<HeldKey> {
  const publicKey = await importJwk(publicJwk, "verify");
  return { kid: await thumbprint(publicJwk), publicKey, publicJwk };
}

/** A key's name (RFC 7638). */
export function thumbprint({ kty, crv, x }: PublicJwk): Promise<string> {
  return calculateJwkThumbprint({ kty, crv, x });
}

/** Makes a new signing key, as the JSON text of its private JWK. */
export async function generateSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const { kty, crv, x, d } = jwkSchema.parse(await exportJWK(privateKey));
  return JSON.stringify({ kty, crv, x, d });
}

function importJwk(
  jwk: JsonWebKey,
  usage: "sign" | "verify",
): Promise<CryptoKey> {
  return crypto.subtle.importKey("jwk", jwk, "Ed25519", false, [usage]);
}

async function isPair(key: SigningKey): Promise<boolean> {
  const text = new TextEncoder().encode(key.kid);
  const signature = await crypto.subtle.sign("Ed25519", key.privateKey, text);
  return crypto.subtle.verify("Ed25519", key.publicKey, signature, text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
