/** The randomness lent to the parts: ids and secrets. */
export type Ids = {
  /** A lowercase, time-ordered UUID (version 7, RFC 9562). */
  uuid(): string;
  /** A lowercase, random UUID (version 4, RFC 9562): what an Auth-Key looks like. */
  randomUuid(): string;
  /** 256 random bits, base64url: a credential. */
  secret(): string;
};

/** Builds a version 7 UUID from epoch milliseconds and 10 random bytes (RFC 9562, 5.7). */
export function uuidV7(now: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(now) << 16n);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toHex();
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

/** Ids from the platform's random numbers and the given clock. */
export function systemIds(now: () => number): Ids {
  return {
    uuid: () => uuidV7(now(), crypto.getRandomValues(new Uint8Array(10))),
    randomUuid: () => crypto.randomUUID(),
    secret: () =>
      crypto.getRandomValues(new Uint8Array(32)).toBase64({
        alphabet: "base64url",
        omitPadding: true,
      }),
  };
}

/** SHA-256 of a text as lowercase hex: how secrets of high entropy are stored. */
export async function sha256Hex(text: string): Promise<string> {
  return new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  ).toHex();
}
