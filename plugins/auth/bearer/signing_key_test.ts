import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  generateSigningKey,
  importSigningKey,
  signingKeyFault,
} from "./signing_key.ts";

Deno.test("importSigningKey() names a key by its RFC 7638 thumbprint", async () => {
  // The key pair and the thumbprint of RFC 8037, appendix A.
  const { kid } = await importSigningKey(JSON.stringify({
    kty: "OKP",
    crv: "Ed25519",
    d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  }));
  assertEquals(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
});

Deno.test("importSigningKey() gives keys that cannot be taken out again", async () => {
  const key = await importSigningKey(await generateSigningKey());
  assertEquals(key.privateKey.extractable, false);
  assertEquals(key.privateKey.usages, ["sign"]);
  assertEquals(key.publicKey.usages, ["verify"]);
});

Deno.test("generateSigningKey() makes a new, faultless key each time", async () => {
  const text = await generateSigningKey();
  assertEquals(signingKeyFault(text), null);
  assertNotEquals(await generateSigningKey(), text);
});

Deno.test("importSigningKey() refuses halves of two keys", async () => {
  const one = JSON.parse(await generateSigningKey());
  const other = JSON.parse(await generateSigningKey());
  await assertRejects(
    () => importSigningKey(JSON.stringify({ ...one, x: other.x })),
    TypeError,
    "does not belong",
  );
});

Deno.test("signingKeyFault() says what is wrong and does not repeat it", async () => {
  const good = JSON.parse(await generateSigningKey());
  const { d, ...publicOnly } = good;
  const faulty: [unknown, RegExp][] = [
    ["not json", /is not JSON/],
    ["null", /is not a JSON object/],
    ["[]", /is not a JSON object/],
    [publicOnly, /missing d;/],
    [{ ...good, kty: "EC", crv: "P-256" }, /missing kty, crv;/],
    [{ ...good, d: `${d}A` }, /missing d;/],
    [{ ...good, d: `${d.slice(0, -1)}=` }, /missing d;/],
    [{ ...good, x: 1 }, /missing x;/],
  ];
  for (const [value, saying] of faulty) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const fault = signingKeyFault(text) ?? "no fault";
    assertMatch(fault, saying);
    assertEquals(fault.includes(d.slice(0, 20)), false);
    assertStringIncludes(fault, "expected a private Ed25519 key");
  }
});
