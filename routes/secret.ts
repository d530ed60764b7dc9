import { timingSafeEqual } from "@std/crypto/timing-safe-equal";

/** Whether two secrets are the same, in a time that tells nothing about where they differ. */
export async function isSameSecret(a: string, b: string): Promise<boolean> {
  const digest = (text: string) =>
    crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return timingSafeEqual(await digest(a), await digest(b));
}
