import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { importPublicJwk } from "./signing_key.ts";
import vectors from "./testing/wycheproof_ed25519.json" with { type: "json" };

const schema = z.array(z.object({
  publicKey: z.string(),
  /** Number, comment, message, signature, verdict. */
  tests: z.array(z.tuple([
    z.int(),
    z.string(),
    z.string(),
    z.string(),
    z.enum(["valid", "invalid"]),
  ])),
}));

Deno.test("a signature counts exactly where Wycheproof says so: Ed25519, 151 vectors", async () => {
  let count = 0;
  for (const { publicKey, tests } of schema.parse(vectors.groups)) {
    const x = Uint8Array.fromHex(publicKey).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
    const key = await importPublicJwk({ kty: "OKP", crv: "Ed25519", x });
    for (const [number, comment, message, signature, verdict] of tests) {
      const counts = await crypto.subtle.verify(
        "Ed25519",
        key.publicKey,
        Uint8Array.fromHex(signature),
        Uint8Array.fromHex(message),
      );
      assertEquals(
        counts ? "valid" : "invalid",
        verdict,
        `${number} ${comment}`,
      );
      count++;
    }
  }
  assert(count === 151, `${count} vectors`);
});
