import { assertEquals, assertMatch } from "@std/assert";
import { importKeySet, keySetFault, rotated, withoutKey } from "./key_set.ts";
import { generateSigningKey, importSigningKey } from "./signing_key.ts";

const [one, two, three] = await Promise.all(
  Array.from({ length: 3 }, generateSigningKey),
);

async function kids(text: string): Promise<string[]> {
  const { active, verifyOnly } = await importKeySet(text);
  return [active, ...verifyOnly].map(({ kid }) => kid);
}

async function kidOf(text = ""): Promise<string> {
  return (await importSigningKey(text)).kid;
}

Deno.test("a single key is a set of one", async () => {
  assertEquals(keySetFault(one ?? ""), null);
  assertEquals(await kids(one ?? ""), [await kidOf(one)]);
});

Deno.test("a rotated key is first, and only public halves of the others stay", async () => {
  const text = rotated(rotated(one ?? "", two ?? ""), three ?? "");
  assertEquals(keySetFault(text), null);
  assertEquals(await kids(text), [
    await kidOf(three),
    await kidOf(two),
    await kidOf(one),
  ]);
  for (const old of [one, two]) {
    assertEquals(text.includes(JSON.parse(old ?? "").d), false);
  }
});

Deno.test("a key that does not sign can be taken out", async () => {
  const text = rotated(rotated(one ?? "", two ?? ""), three ?? "");
  assertEquals(await kids(await withoutKey(text, await kidOf(two))), [
    await kidOf(three),
    await kidOf(one),
  ]);
});

Deno.test("keySetFault() says which key is wrong, and repeats none", () => {
  const key = JSON.parse(one ?? "");
  const { d, ...publicOnly } = key;
  const faulty: [unknown, RegExp][] = [
    [{ keys: [] }, /empty list/],
    [{ keys: [publicOnly] }, /first key that has a wrong or missing d;/],
    [{ keys: [{ ...key, status: "verify-only" }] }, /not active/],
    [{ keys: [key, publicOnly] }, /faulty key number 2/],
    [{ keys: [key, { ...publicOnly, status: "active" }] }, /number 2/],
    [{ keys: ["x"] }, /wrong or missing/],
  ];
  for (const [value, saying] of faulty) {
    const fault = keySetFault(JSON.stringify(value)) ?? "no fault";
    assertMatch(fault, saying);
    assertEquals(fault.includes(d), false);
  }
});
