import * as z from "zod";
import { importKeySet, type KeySet, keySetFault } from "./key_set.ts";
import { defaultIssuer } from "./token.ts";

const signingKey = z.string().superRefine((text, context) => {
  const fault = keySetFault(text);
  if (fault !== null) {
    context.addIssue({ code: "custom", message: fault, input: undefined });
  }
});

/** Reads the keys anew, as text; undefined: there are none. */
export type ReadSigningKey = () => Promise<string | undefined>;

/** What a deployment sets. */
export const optionsSchema = z.object({
  /** A private Ed25519 JWK as JSON, or a JWK Set (`keySetFault`); without it no token is made here. */
  signingKey: signingKey.optional(),
  /** Where the keys may change while the server runs: asked whenever a token is made. */
  readSigningKey: z.custom<ReadSigningKey>((value) =>
    value === undefined || typeof value === "function"
  ).optional(),
  /** `iss` and `aud` of the tokens. */
  issuer: z.string().min(1).default(defaultIssuer),
});

/** The options as they are used. */
export type Options = z.output<typeof optionsSchema>;

/** The keys that the server was started with, imported when they are first needed. */
export function keysOf(
  { signingKey }: Pick<Options, "signingKey">,
): () => Promise<KeySet | null> {
  let keys: Promise<KeySet | null> | undefined;
  return () =>
    keys ??= signingKey === undefined
      ? Promise.resolve(null)
      : importKeySet(signingKey);
}

/** The keys as they are now, for signing. */
export async function currentKeys(
  { signingKey, readSigningKey }: Options,
): Promise<KeySet | null> {
  const text = await readSigningKey?.() ?? signingKey;
  return text === undefined ? null : await importKeySet(text);
}
