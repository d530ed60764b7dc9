import { assertEquals, assertRejects } from "@std/assert";
import { generateSigningKey, signingKeyFault } from "./signing_key.ts";
import { ensureSigningKeyFile, findSigningKey } from "./signing_key_file.ts";

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a missing key file is made, for its owner's eyes only, and then kept", () =>
  withFolder(async (folder) => {
    const data = `${folder}/deep/data`;
    const text = await ensureSigningKeyFile(data);
    assertEquals(signingKeyFault(text), null);
    const { mode } = await Deno.stat(`${data}/signing_key.json`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
    assertEquals(await ensureSigningKeyFile(data), text);
    assertEquals([...Deno.readDirSync(data)].map(({ name }) => name), [
      "signing_key.json",
    ]);
  }));

Deno.test("of many that make the key file at once, all get the same key", () =>
  withFolder(async (folder) => {
    const texts = await Promise.all(
      Array.from({ length: 20 }, () => ensureSigningKeyFile(folder)),
    );
    assertEquals(new Set(texts).size, 1);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("a key file that holds something else is refused and left alone", () =>
  withFolder(async (folder) => {
    for (const text of ["", "{}", '{"kty":"OKP","crv":"Ed25519"']) {
      await Deno.writeTextFile(`${folder}/signing_key.json`, text);
      await assertRejects(
        () => ensureSigningKeyFile(folder),
        TypeError,
        "signing_key.json",
      );
      assertEquals(
        await Deno.readTextFile(`${folder}/signing_key.json`),
        text,
      );
    }
  }));

Deno.test("the key of the settings comes first, and then no file is made", () =>
  withFolder(async (folder) => {
    const signingKey = await generateSigningKey();
    const settings = { databaseUrl: "file:x", dataDirectory: folder };
    assertEquals(await findSigningKey({ ...settings, signingKey }), signingKey);
    assertEquals([...Deno.readDirSync(folder)].length, 0);
  }));

Deno.test("servers that share a remote database get no key of their own", () =>
  withFolder(async (folder) => {
    const found = await findSigningKey({
      databaseUrl: "https://db.test",
      dataDirectory: folder,
      signingKey: undefined,
    });
    assertEquals(found, undefined);
    assertEquals([...Deno.readDirSync(folder)].length, 0);
  }));
