import { assertEquals } from "@std/assert";
import { type Log, silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { sessionCookie } from "../http/cookie.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import oidc from "../plugins/auth/oidc/mod.ts";
import session from "../plugins/auth/session/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { Browser, type Shown } from "./browser.ts";
import {
  clientId,
  clientSecret as knownSecret,
  type OpenIdProvider,
  startOpenIdProvider,
} from "./openid_provider.ts";

/** Password of the local user alice. */
export const password = "correct horse battery";

/** A server with its pages, on a real port, and maybe a provider beside it. */
export type SsoWorld = AsyncDisposable & {
  readonly test: TestApp;
  /** Where the server is, without a final slash. */
  readonly url: string;
  /** Moves the server's clock. */
  advance(ms: number): void;
};

/** Starts a server on which people sign in with a password, or at the provider when there is one. */
export async function startSso(
  { provider, clientSecret = knownSecret, log = silentLog }: {
    provider?: (redirectUri: string) => Promise<OpenIdProvider>;
    clientSecret?: string;
    log?: Log;
  } = {},
): Promise<SsoWorld & { readonly provider: OpenIdProvider | null }> {
  let handle = (_: Request) => Promise.resolve(new Response());
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => handle(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const started = await provider?.(`${url}/login/callback`) ?? null;
  let ahead = 0;
  const issuers = started === null ? [] : [
    {
      name: "corp",
      label: "Example Corp",
      issuer: started.issuer,
      clientId,
      clientSecret,
      roles: { developers: "trigger", admins: "admin" },
    } as const,
  ];
  const test = await startTestApp([], {
    auth: [oidc({ issuers }), basic(), session()],
    log,
    fetch: globalThis.fetch,
    now: () => Date.now() + ahead,
  });
  handle = (request) => test.app.fetch(request);
  await addAlice(test);
  return {
    test,
    url,
    provider: started,
    advance: (ms) => {
      ahead += ms;
    },
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      await test[Symbol.asyncDispose]();
      await started?.[Symbol.asyncDispose]();
    },
  };
}

/** As `startSso`, with a provider that is there for sure. */
export async function startSsoWithProvider(
  parts: { clientSecret?: string; log?: Log } = {},
): Promise<SsoWorld & { readonly provider: OpenIdProvider }> {
  const world = await startSso({
    ...parts,
    provider: (redirectUri) => startOpenIdProvider([redirectUri]),
  });
  if (world.provider === null) throw new Error("no provider");
  return { ...world, provider: world.provider };
}

async function addAlice(test: TestApp): Promise<void> {
  const { account } = await test.app.store.accounts.ensure(
    "user",
    "alice",
    roles.trigger,
  );
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const hash = await hashPassword(password, newSalt(), cost);
  await test.database.batch([savePassword({ account, hash, now: test.now() })]);
}

/** Goes to the provider and through its pages, up to the way back, which is not gone. */
export async function walkToCallback(
  browser: Browser,
  url: string,
  person: string,
  returnTo = "/v1/whoami",
): Promise<URL> {
  const query = new URLSearchParams({ return_to: returnTo });
  const page = await browser.open(`${url}/login?${query}`);
  assertEquals(page.status, 200, page.text);
  const back = /\/login\/callback\?/;
  // The provider forgets who was there: a new sign-in, not the one of before.
  for (const name of [...browser.jar.keys()]) {
    if (!name.startsWith("__Host-")) browser.jar.delete(name);
  }
  const start = /^\/login\/start/;
  const asked = page.text.includes("/login/start")
    ? await browser.click(page, start)
    // Signed in already, and doing it again.
    : await browser.open(`${url}/login/start?with=corp&${query}`);
  const agreed = await browser.submit(asked, {
    login: person,
    password: "any",
  }, back);
  if (back.test(agreed.url.href)) return agreed.url;
  return (await browser.submit(agreed, {}, back)).url;
}

/** Signs somebody in at the provider, and shows what the browser shows then. */
export async function signInAtProvider(
  browser: Browser,
  url: string,
  person: string,
  returnTo = "/v1/whoami",
): Promise<Shown> {
  return await browser.open(
    await walkToCallback(browser, url, person, returnTo),
  );
}

/** Asks who a session's cookie is of. */
export async function whoami(
  url: string,
  cookie: string | undefined,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/v1/whoami`, {
    headers: { cookie: `${sessionCookie}=${cookie}`, ...headers },
  });
  const body: { name: string; permissions: string[]; detail: string } =
    await response.json();
  return { status: response.status, ...body };
}

/** Signs alice in with her password, in a browser of her own. */
export async function signInWithPassword(
  { url }: Pick<SsoWorld, "url">,
  browser = new Browser(),
  returnTo = "/v1/whoami",
): Promise<{ browser: Browser; shown: Shown; cookie: string }> {
  const query = new URLSearchParams({ return_to: returnTo });
  const page = await browser.open(`${url}/login?${query}`);
  const shown = await browser.submit(page, { name: "alice", password });
  return { browser, shown, cookie: browser.cookie(sessionCookie) ?? "" };
}
