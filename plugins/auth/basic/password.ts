import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { computeArgon2id } from "./argon2.ts";

/** What one Argon2id computation costs (RFC 9106). */
export type Cost = {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
};

/** OWASP's recommendation; about half a second of one CPU, and 19 MiB. */
export const defaultCost: Cost = { memoryKib: 19_456, passes: 2, lanes: 1 };

const saltBytes = 16;

const hashBytes = 32;

/**
 * What is wrong with a new password, or null (NIST SP 800-63B: length, and
 * nothing about its characters).
 */
export function passwordFault(password: string): string | null {
  if ([...password].length < 8) {
    return "a password has at least 8 characters";
  }
  if (password.length > 200) return "a password has at most 200 characters";
  // deno-lint-ignore no-control-regex -- RFC 7617 bans exactly these
  return /[\x00-\x1f\x7f]/.test(password)
    ? "a password has no control characters"
    : null;
}

/** Nobody's hash, to be checked for names that nobody has: they take as long as a wrong password. */
export const nobodysHash: string = toPhc(
  new Uint8Array(saltBytes),
  new Uint8Array(hashBytes),
  defaultCost,
);

/** Random bytes for one hash. */
export function newSalt(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(saltBytes));
}

/** A password of 120 random bits that is easily copied. */
export function newPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return bytes.toBase64({ alphabet: "base64url" });
}

/** Hashes a password into a PHC string, which holds salt and cost: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(
  password: string,
  salt: Uint8Array,
  cost: Cost = defaultCost,
): Promise<string> {
  return toPhc(salt, await compute(password, salt, cost), cost);
}

/** Whether the password is the one of a PHC string that `hashPassword` made. */
export async function verifyPassword(
  password: string,
  phc: string,
): Promise<boolean> {
  const parsed = phc.match(
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/,
  );
  if (!parsed) throw new TypeError("Cannot check a password: its hash is odd");
  const [, memoryKib, passes, lanes, salt = "", hash = ""] = parsed;
  const computed = await compute(password, Uint8Array.fromBase64(salt), {
    memoryKib: Number(memoryKib),
    passes: Number(passes),
    lanes: Number(lanes),
  });
  return timingSafeEqual(computed, Uint8Array.fromBase64(hash));
}

/** The same text typed on different systems comes in different code points: NFC makes them one (RFC 8265). */
function compute(password: string, salt: Uint8Array, cost: Cost) {
  return computeArgon2id(password.normalize("NFC"), salt, {
    m: cost.memoryKib,
    t: cost.passes,
    p: cost.lanes,
    dkLen: hashBytes,
  });
}

function toPhc(salt: Uint8Array, hash: Uint8Array, cost: Cost): string {
  const parameters = `m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}`;
  return `$argon2id$v=19$${parameters}$${toText(salt)}$${toText(hash)}`;
}

function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}
