import { assertEquals } from "@std/assert";
import { sql } from "../../../core/database.ts";
import { sha256Hex } from "../../../core/id.ts";
import { roles } from "../../../core/permission.ts";
import {
  assertRefused,
  type AuthStore,
  openAuthStore,
} from "../../../tests/conformance/auth.ts";
import bearer from "./mod.ts";
import {
  generateSigningKey,
  importSigningKey,
  type SigningKey,
} from "./signing_key.ts";

const signingKey = await generateSigningKey();
const key = await importSigningKey(signingKey);
const attackersKey = await generateSigningKey();
const attacker = await importSigningKey(attackersKey);
const { d: _private, ...publicJwk } = JSON.parse(signingKey);
const jti = crypto.randomUUID();

type Fields = Record<string, unknown>;

/** What a forger changes in a token; undefined removes. */
type Change = { readonly header?: Fields; readonly claims?: Fields };

const base64url = (bytes: Uint8Array) =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });

const utf8 = (text: string) => new TextEncoder().encode(text);

function unsigned(now: number, { header = {}, claims = {} }: Change): string {
  const parts = [
    { alg: "EdDSA", typ: "slipway-auto+jwt", kid: key.kid, ...header },
    {
      iss: "slipway",
      aud: "slipway",
      sub: "group:ci-bots",
      jti,
      iat: Math.floor(now / 1000),
      ...claims,
    },
  ];
  return parts.map((part) => base64url(utf8(JSON.stringify(part)))).join(".");
}

async function signed(
  now: number,
  change: Change,
  by: SigningKey = key,
): Promise<string> {
  const text = unsigned(now, change);
  const signature = await crypto.subtle.sign(
    "Ed25519",
    by.privateKey,
    utf8(text),
  );
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

async function hmacSigned(now: number, secret: string): Promise<string> {
  const text = unsigned(now, { header: { alg: "HS256" } });
  const hmacKey = await crypto.subtle.importKey(
    "raw",
    utf8(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign("HMAC", hmacKey, utf8(text));
  return `${text}.${base64url(new Uint8Array(mac))}`;
}

/** Gives the token a live row, so that only its own flaw can have it refused. */
async function keep(store: AuthStore, token: string, jwtId: unknown = jti) {
  const { account } = await store.accounts.ensure(
    "group",
    "ci-bots",
    roles.trigger,
  );
  await store.database.batch([sql`
    insert into bearer_token (jti, account, sha256, description, created_at)
    values (${String(jwtId)}, ${account.id}, ${await sha256Hex(
    token,
  )}, '', 0)`]);
}

const headers = (token: string) => ({ authorization: `Bearer ${token}` });

const foreign = "was not made by this server";

const changes: Record<string, Change> = {
  "typ JWT": { header: { typ: "JWT" } },
  "typ of an access token": { header: { typ: "at+jwt" } },
  "typ of a runner's token": { header: { typ: "slipway-runner+jwt" } },
  "typ of a list": { header: { typ: ["slipway-auto+jwt"] } },
  "no typ": { header: { typ: undefined } },
  "an empty kid": { header: { kid: "" } },
  "no kid": { header: { kid: undefined } },
  "a kid that is a number": { header: { kid: 0 } },
  "a kid that is a path": { header: { kid: "../../../dev/null" } },
  "a kid that is a command": { header: { kid: "|sleep 10" } },
  "a kid that is SQL": { header: { kid: "x' union select 'key' --" } },
  "a kid of every object": { header: { kid: "__proto__" } },
  "a huge kid": { header: { kid: "k".repeat(2000) } },
  "the kid of another key": { header: { kid: "k".repeat(43) } },
  "alg Ed25519 in place of EdDSA": { header: { alg: "Ed25519" } },
  "a critical extension": { header: { crit: ["exp"], exp: 1 } },
  "another issuer": { claims: { iss: "https://issuer.test" } },
  "no issuer": { claims: { iss: undefined } },
  "another audience": { claims: { aud: "elsewhere" } },
  "no audience": { claims: { aud: undefined } },
  "no subject": { claims: { sub: undefined } },
  "no jti": { claims: { jti: undefined } },
  "a list of issuers": { claims: { iss: ["slipway"] } },
  "a jti that is no UUID": { claims: { jti: "1 or 1=1" } },
  "no iat": { claims: { iat: undefined } },
  "iat as text": { claims: { iat: "1" } },
  "exp as text": { claims: { exp: "99999999999" } },
  "exp as a fraction": { claims: { exp: 99999999999.5 } },
  "exp beyond all numbers": { claims: { exp: 1e308 } },
  "nbf in the future": { claims: { nbf: 99999999999 } },
  "a scope that is a list": { claims: { scope: ["*:*"] } },
};

Deno.test("the unchanged token of the forgers' workshop is good", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const token = await signed(store.clock.now, {});
  await keep(store, token);
  const principal = await store.authenticate(
    new Request("http://slipway.test/", { headers: headers(token) }),
  );
  assertEquals(principal?.credential, jti);
});

for (const [name, change] of Object.entries(changes)) {
  Deno.test(`a token with ${name} is refused, even signed and stored`, async () => {
    using store = await openAuthStore(bearer({ signingKey }));
    const token = await signed(store.clock.now, change);
    await keep(store, token, change.claims?.jti);
    await assertRefused(store, headers(token), foreign);
  });
}

Deno.test("a token that had expired when it was made is refused", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  for (const exp of [0, -1, 1]) {
    const token = await signed(store.clock.now, { claims: { exp } });
    await assertRefused(store, headers(token), "expired");
  }
});

Deno.test("no algorithm but EdDSA is taken", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { now } = store.clock;
  const good = await signed(now, {});
  const signature = good.slice(good.lastIndexOf(".") + 1);
  const blank = base64url(new Uint8Array(64));
  const algorithms = ["none", "None", "NONE", "nOnE", "", "HS256", "ES256"];
  for (const alg of [...algorithms, undefined, null, 1]) {
    for (const end of ["", signature, blank]) {
      const token = `${unsigned(now, { header: { alg } })}.${end}`;
      await assertRefused(store, headers(token), foreign);
    }
  }
});

Deno.test("neither the public key nor a blank one is an HMAC secret", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  // To HMAC a key of NULs is the blank one.
  const blank = "\0";
  const text = JSON.stringify(publicJwk);
  for (const secret of [publicJwk.x, text, key.kid, blank]) {
    const token = await hmacSigned(store.clock.now, secret);
    await keep(store, token, crypto.randomUUID());
    await assertRefused(store, headers(token), foreign);
  }
});

Deno.test("a key that a token brings along, or points to, does not count", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { d: _d, ...jwk } = JSON.parse(attackersKey);
  const url = "http://127.0.0.1:9/jwks.json";
  const claims = { jti: crypto.randomUUID() };
  for (const kid of [key.kid, attacker.kid]) {
    const baits = [{}, { jwk }, { jku: url }, { x5u: url }, { x5c: ["AA=="] }];
    for (const bait of baits) {
      const token = await signed(
        store.clock.now,
        { header: { kid, ...bait }, claims },
        attacker,
      );
      await assertRefused(store, headers(token), foreign);
    }
  }
});

Deno.test("a signature that was cut, grown, blanked or re-encoded is refused", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const token = await signed(store.clock.now, {});
  await keep(store, token);
  const at = token.lastIndexOf(".") + 1;
  const head = token.slice(0, at);
  const signature = token.slice(at);
  const others = [
    "",
    "=",
    signature.slice(0, 43),
    `${signature}AAAA`,
    `${signature}==`,
    base64url(new Uint8Array(64)),
    // The unused bits of the last letter: the same bytes, another text.
    signature.slice(0, -1) + nextLetter(signature.slice(-1)),
  ];
  for (const other of others) {
    await assertRefused(store, headers(head + other));
  }
});

function nextLetter(letter: string): string {
  const letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return letters.charAt(letters.indexOf(letter) + 1);
}

Deno.test("odd parts are refused as any forgery is", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const head = base64url(utf8(JSON.stringify({ alg: "EdDSA" })));
  const deep = base64url(utf8("[".repeat(1500)));
  const odd = ["..", "a.b.c", `${head}..`, `${head}.e30.`, `${deep}.e30.AA`];
  for (const text of ["null", "[]", "1", '"x"', "{", ""]) {
    const part = base64url(utf8(text));
    odd.push(`${part}.${part}.AAAA`, `${head}.${part}.AAAA`);
  }
  for (const token of odd) await assertRefused(store, headers(token), foreign);
});

Deno.test("a token that was signed but never stored is refused", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const token = await signed(store.clock.now, {});
  await assertRefused(store, headers(token), "not known here");
});

Deno.test("another token of a stored jti is refused: the row knows its text", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  await keep(store, await signed(store.clock.now, { claims: { scope: "" } }));
  const wider = await signed(store.clock.now, { claims: { scope: "*:*" } });
  await assertRefused(store, headers(wider), "not known here");
});

Deno.test("a token that names another account than its row is refused", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  await store.accounts.ensure("group", "admins", roles.admin);
  for (const sub of ["group:admins", "user:ci-bots", "ci-bots", ""]) {
    const claims = { sub, jti: crypto.randomUUID() };
    const token = await signed(store.clock.now, { claims });
    await keep(store, token, claims.jti);
    await assertRefused(store, headers(token), "does not exist");
  }
});

Deno.test("a flood of forgeries does not reach the store", async () => {
  const store = await openAuthStore(bearer({ signingKey }));
  store.database.close();
  for (let i = 0; i < 100; i++) {
    const claims = { jti: crypto.randomUUID() };
    const token = await signed(store.clock.now, { claims }, attacker);
    await assertRefused(store, headers(token), foreign);
  }
});
