import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  configPath,
  emptyConfig,
  formatConfig,
  parseConfig,
  readUrl,
  withoutServer,
  withServer,
} from "./config.ts";
import { Failure, UsageError } from "./failure.ts";
import { findServer, readCredential, signIn } from "./server.ts";

const token = { kind: "token", secret: "a.b.c" } as const;
const key = {
  kind: "key",
  secret: "0b9c8f5e-0000-4000-8000-000000000000",
} as const;
const one = "https://one.example.org";
const other = "https://other.example.org";
const config = withServer(withServer(emptyConfig, other, key), one, token);

const option = (url?: string) => ({ text: () => url });

Deno.test("a server's credential is never sent to another one", () => {
  assertEquals(findServer(option(), {}, config), {
    url: one,
    credential: token,
  });
  assertEquals(findServer(option(other), {}, config).credential, key);
  const stranger = "https://stranger.example.org";
  for (
    const server of [
      findServer(option(stranger), {}, config),
      findServer(option(), { SLIPWAY_URL: stranger }, config),
      findServer(option("http://one.example.org"), {}, config),
      findServer(option(`${one}:8443`), {}, config),
    ]
  ) assertEquals(server.credential, null, server.url);
});

Deno.test("the environment comes before what is kept, and an option before both", () => {
  const env = { SLIPWAY_URL: `${other}/`, SLIPWAY_TOKEN: "d.e.f" };
  const credential = { kind: "token", secret: "d.e.f" } as const;
  assertEquals(findServer(option(), env, config), { url: other, credential });
  assertEquals(findServer(option(one), env, config), { url: one, credential });
});

Deno.test("a pasted UUID is a key, anything else a token, each with its header", () => {
  assertEquals(readCredential(key.secret), key);
  assertEquals(readCredential("a.b.c"), token);
  assertEquals(signIn(key), { "auth-key": key.secret });
  assertEquals(signIn(token), { authorization: "Bearer a.b.c" });
  assertEquals(signIn(null), {});
});

Deno.test("mistakes with credentials are told without them", () => {
  const secret = "s3cr et";
  for (
    const attempt of [
      () => readCredential(secret),
      () => findServer(option(one), { SLIPWAY_TOKEN: secret }, config),
      () =>
        findServer(
          option(one),
          { SLIPWAY_TOKEN: "t", SLIPWAY_KEY: "k" },
          config,
        ),
      () => findServer(option(), {}, emptyConfig),
      () => readUrl("https://name:s3cr@host", "--url"),
      () => readUrl("ci.example.org", "--url"),
    ]
  ) {
    const error = assertThrows(attempt, UsageError);
    assert(!error.message.includes("s3cr"), error.message);
  }
});

Deno.test("the configuration comes back as it was written, and loses a server alone", () => {
  assertEquals(parseConfig(formatConfig(config), "f"), config);
  assertEquals(withoutServer(config, one), {
    current: null,
    servers: { [other]: key },
  });
  assertEquals(withoutServer(config, other).current, one);
});

Deno.test("a damaged configuration is told with its path, and not repeated", () => {
  const error = assertThrows(
    () => parseConfig('{"current": "s3cr', "/c/config.json"),
    Failure,
    "/c/config.json",
  );
  assert(!error.message.includes("s3cr"));
});

Deno.test("the configuration is where the XDG specification says", () => {
  assertEquals(
    configPath({ XDG_CONFIG_HOME: "/x", HOME: "/h" }),
    "/x/slipway/config.json",
  );
  assertEquals(
    configPath({ XDG_CONFIG_HOME: "relative", HOME: "/h" }),
    "/h/.config/slipway/config.json",
  );
  assertThrows(() => configPath({}), UsageError);
});
