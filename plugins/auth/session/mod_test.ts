import { assertEquals } from "@std/assert";
import { roles } from "../../../core/permission.ts";
import { sessionCookie } from "../../../http/cookie.ts";
import { testAuth } from "../../../tests/conformance/auth.ts";
import session from "./mod.ts";
import { beginSession } from "./session.ts";

const minuteMs = 60_000;
const life = { idleMs: 8 * 60 * minuteMs, maxMs: 24 * 60 * minuteMs };

type Seeded = Readonly<Record<"good" | "idle" | "old", string>>;

const cookie = (secret: string) => ({ cookie: `${sessionCookie}=${secret}` });

testAuth<Seeded>("session", {
  auth: session(),
  seed: async ({ accounts, database, clock }) => {
    const { account } = await accounts.ensure("user", "alice", roles.trigger);
    const begin = async (agoMs: number) => {
      const secret = crypto.getRandomValues(new Uint8Array(32)).toHex();
      await beginSession(database, {
        id: crypto.randomUUID(),
        account: account.id,
        userAgent: "",
        createdAt: clock.now - agoMs,
        usedAt: clock.now - agoMs,
        secret,
        before: null,
      }, life);
      return secret;
    };
    return {
      old: await begin(life.maxMs),
      idle: await begin(life.idleMs),
      good: await begin(life.idleMs - 1),
    };
  },
  good: { name: "a session's cookie", headers: ({ good }) => cookie(good) },
  bad: [
    { name: "an idle session", headers: ({ idle }) => cookie(idle) },
    { name: "an old session", headers: ({ old }) => cookie(old) },
    {
      name: "a cookie of another case",
      headers: ({ good }) => cookie(good.toUpperCase()),
    },
    {
      name: "a part of a cookie",
      headers: ({ good }) => cookie(good.slice(1)),
    },
    { name: "an empty cookie", headers: () => cookie("") },
    {
      name: "a cookie that tries to be SQL",
      headers: () => cookie("' or 1--"),
    },
  ],
  foreign: [
    {
      name: "a cookie of another name",
      headers: ({ good }) => ({
        cookie: `slipway=${good}; X${sessionCookie}=1`,
      }),
    },
    {
      name: "a cookie that another site's page sends",
      headers: ({ good }) => ({
        ...cookie(good),
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      }),
    },
  ],
  publicPaths: ["/login", "/login/start", "/login/callback", "/logout"],
});

Deno.test("faulty options are named", () => {
  assertEquals(session({ idleMinutes: 0 }).faults.length, 1);
  assertEquals(session({ home: "//evil.test" }).faults, [
    "session: option home: expected a path such as /",
  ]);
  assertEquals(session({ home: "/\\evil.test" }).faults.length, 1);
});
