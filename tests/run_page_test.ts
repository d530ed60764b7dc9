import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { sql } from "../core/database.ts";
import { sessionCookie } from "../http/cookie.ts";
import { csrfFieldName } from "../http/csrf.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runSchema } from "../routes/run_json.ts";
import type { DebciRig } from "./debci.ts";
import { startDebci } from "./debci.ts";
import { assertHarmless, type Page, readPage, startPages } from "./pages.ts";

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007",
  "evil\u202egnp.exe",
  "'; rm -rf $HOME #",
];

function section(page: Page, id: string): string {
  return page.document.querySelector(`[aria-labelledby="${id}"]`)
    ?.textContent.replace(/\s+/g, " ") ?? "";
}

/** A server whose package tests are tried again, and a test whose first attempt failed for now. */
async function startTriedAgain() {
  const rig = await startPages({ retryDelaysSeconds: [60] });
  const number = await rig.run({ package: "flaky" }, {
    exitCode: 16,
    log: "no testbed\n",
    files: { "first.txt": "x" },
  });
  rig.app.advance(60_000);
  await rig.end({ log: "second log\n", files: { "second.txt": "y" } });
  return { rig, number };
}

Deno.test("every attempt is in the timeline, with its log and its files", async () => {
  const { rig, number } = await startTriedAgain();
  await using _ = rig;
  const page = await readPage(rig, `/runs/${number}`, "bob");
  const timeline = section(page, "timeline-title");
  assertMatch(timeline, /Attempt 1 claimed by worker-1 .*failed for now/);
  assertMatch(timeline, /Attempt 2 claimed by worker-1 .*started/);
  assertStringIncludes(section(page, "log-title"), "second log");
  assertStringIncludes(section(page, "files-title"), "second.txt");
  const link = page.document.querySelector('a[href*="attempt=1"]')
    ?.getAttribute("href") ?? "";
  assertEquals(link, `/runs/${number}?attempt=1#log-title`);
  const earlier = await readPage(rig, link, "bob");
  assertStringIncludes(section(earlier, "log-title"), "no testbed");
  assertStringIncludes(section(earlier, "files-title"), "first.txt");
  const file = earlier.document.querySelector('a[href*="/files/"]')
    ?.getAttribute("href") ?? "";
  assertEquals(await rig.text(file, 200, "bob"), "x");
  const log = `/runs/${number}/log?attempt=1`;
  assertEquals(await rig.text(log, 200, "bob"), "no testbed\n");
  assertEquals(await rig.text(`/runs/${number}/log`, 200), "second log\n");
  const index = `/runs/${number}/log/index?attempt=1`;
  assertEquals(JSON.parse(await rig.text(index, 200, "bob")), {
    lines: 1,
    bytes: 11,
    attempt: 1,
    isLive: false,
  });
  for (const rest of ["", "/log", "/log/lines", "/log/search", "/log/end"]) {
    for (const attempt of ["3", "0", "x", "<b>"]) {
      const query = `?attempt=${encodeURIComponent(attempt)}`;
      const none = await readPage(rig, `/runs/${number}${rest}${query}`, "bob");
      assertEquals(none.status, 404, rest);
      assertHarmless(none);
    }
  }
});

Deno.test("runners are named to who is signed in alone, whatever they are called", async () => {
  const { rig, number } = await startTriedAgain();
  await using _ = rig;
  for (const text of hostile) {
    await rig.app.database.batch([
      sql`update runner set name = ${text}`,
      sql`update attempt set message = ${text}`,
    ]);
    const page = await readPage(rig, `/runs/${number}`, "bob");
    assertHarmless(page);
    const shown = text.replace("\u202e", "[U+202E]")
      .replaceAll("\u001b", "[U+001B]").replaceAll("\u0007", "[U+0007]");
    assertStringIncludes(page.text, shown);
    const public_ = await readPage(rig, `/runs/${number}`);
    assertEquals(public_.status, 200);
    assert(!section(public_, "timeline-title").includes("claimed by"));
  }
});

Deno.test("the API tells the attempts of a run, and gives the log of each", async () => {
  const { rig, number } = await startTriedAgain();
  await using _ = rig;
  const text = await rig.text(`/v1/runs/${number}`, 200, "bob");
  const { attempts = [] } = runSchema.parse(JSON.parse(text));
  assertEquals(
    attempts.map(({ attempt, runner, ending, logBytes }) => [
      attempt,
      runner,
      ending,
      logBytes,
    ]),
    [[1, "worker-1", "temporary", 11], [2, "worker-1", "ended", 11]],
  );
  const [first, second] = attempts;
  assert(String(first?.claimedAt) <= String(first?.startedAt));
  assert(String(first?.endedAt) < String(second?.claimedAt));
  const log = `/v1/runs/${number}/log`;
  assertEquals(
    await rig.text(`${log}?attempt=1`, 200, "bob"),
    "no testbed\n",
  );
  assertEquals(
    await rig.text(`${log}?attempt=2&offset=7`, 200, "bob"),
    "log\n",
  );
  assertStringIncludes(
    await rig.text(`${log}?attempt=3`, 404, "bob"),
    "has no attempt 3",
  );
});

Deno.test("a private run's attempts look to others as if there were none", async () => {
  await using rig = await startPages({ retryDelaysSeconds: [60] });
  await rig.run({ package: "hidden", isPrivate: true }, { exitCode: 16 });
  for (
    const rest of ["?attempt=1", "/log?attempt=1", "/log/search?search=a"]
  ) {
    const [hidden, none] = [
      await readPage(rig, `/runs/1${rest}`, "bob"),
      await readPage(rig, `/runs/9${rest}`, "bob"),
    ];
    assertEquals([hidden.status, none.status], [404, 404], rest);
    assertEquals(hidden.html, none.html);
  }
});

/** The lines that a search found, by number. */
function found(page: Page): [number, string][] {
  return [...page.document.querySelectorAll(".hits li")].map((item) => [
    Number(item.querySelector("a")?.textContent),
    item.querySelector("code")?.textContent ?? "",
  ]);
}

Deno.test("a search finds lines as they are shown, and leads to each without script", async () => {
  await using rig = await startPages();
  const noise = Array.from({ length: 1_200 }, (_, at) => `noise ${at}`);
  const log = [
    "Needle at the start",
    ...noise,
    "\u001b[31mnee\u001b[0mdle in colours",
    "100 % needle\rdone",
    "a (needle) [0-9]* NEEDLE",
  ].join("\n");
  const number = await rig.run({ package: "sought" }, { log });
  const search = (query: Record<string, string>) =>
    readPage(rig, `/runs/${number}?${new URLSearchParams(query)}`, "bob");
  const page = await search({ search: "needle" });
  assertHarmless(page);
  assertEquals(found(page), [
    [1, "Needle at the start"],
    [1202, "needle in colours"],
    [1204, "a (needle) [0-9]* NEEDLE"],
  ]);
  assertEquals(page.document.querySelector("mark")?.textContent, "Needle");
  assertStringIncludes(
    page.document.querySelector("#log-found [role=status]")?.textContent ?? "",
    "3 lines hold needle in 1204 lines",
  );
  const exact = await search({ search: "NEEDLE", case: "1" });
  assertEquals(found(exact).map(([line]) => line), [1204]);
  const literal = await search({ search: "(needle) [0-9]*" });
  assertEquals(found(literal).map(([line]) => line), [1204]);
  const link = [...page.document.querySelectorAll(".hits a")].at(-1)
    ?.getAttribute("href") ?? "";
  assert(link.endsWith("#L1204"), link);
  const there = await readPage(rig, link, "bob");
  assertStringIncludes(
    there.document.getElementById("L1204")?.textContent ?? "",
    "(needle)",
  );
  assertEquals(found(there), found(page));
  const kept = there.document.querySelector('[name="search"]');
  assertEquals(kept?.getAttribute("value"), "needle");
  assertStringIncludes(
    (await search({ search: "nowhere" })).text,
    "No line holds",
  );
  assertEquals(found(await search({ search: "" })), []);
});

Deno.test("a search goes on where the one before ended, and meets each line once", async () => {
  await using rig = await startPages();
  const lines = Array.from({ length: 2_500 }, (_, at) => `hit ${at + 1}`);
  const number = await rig.run({ package: "sought" }, {
    log: lines.join("\n"),
  });
  const seen: number[] = [];
  let path: string | null | undefined = `/runs/${number}?search=hit`;
  for (let turn = 0; path && turn < 40; turn++) {
    const page: Page = await readPage(rig, path, "bob");
    seen.push(...found(page).map(([line]) => line));
    assert(found(page).length <= 100);
    path = page.document.querySelector("#log-found a[rel=next]")
      ?.getAttribute("href");
  }
  assertEquals(seen, lines.map((_, at) => at + 1));
});

Deno.test("what is searched and found is shown as text", async () => {
  await using rig = await startPages();
  const number = await rig.run({ package: "sought" }, {
    log: hostile.map((text) => `before ${text} after`).join("\n"),
  });
  for (
    const text of [...hostile, "before", "\u0000\ud800", "x".repeat(2_000)]
  ) {
    const query = new URLSearchParams({ search: text });
    for (const rest of ["", "/log/search"]) {
      const page = await readPage(
        rig,
        `/runs/${number}${rest}?${query}`,
        "bob",
      );
      assertEquals(page.status, 200);
      assertHarmless(page);
    }
  }
  const page = await readPage(rig, `/runs/${number}?search=before`, "bob");
  assertStringIncludes(found(page)[0]?.[1] ?? "", "<script>alert(1)</script>");
});

async function failureOf(rig: DebciRig, number: number): Promise<string> {
  let path = `/runs/${number}/log/failure`;
  for (let turn = 0; turn < 10; turn++) {
    const answer = await readPage(rig, path, "bob");
    assertEquals(answer.status, 303);
    path = answer.headers.get("location") ?? "";
    if (!path.includes("/log/failure")) return path;
  }
  throw new Error("It leads on and on");
}

Deno.test("the first failure is found in colours, behind megabytes, and while the log still grows", async () => {
  await using rig = await startPages();
  const colours = await rig.run({ package: "coloured" }, {
    exitCode: 4,
    log: "fine\n\u001b[31mERROR\u001b[0m broken\n",
  });
  assertEquals(await failureOf(rig, colours), `/runs/${colours}?line=2#L2`);

  const long = await rig.run({ package: "long" }, { exitCode: 4, log: "" });
  const mebibyte = new TextEncoder().encode(
    "a line of noise\n".repeat(1024 * 1024 / 16),
  );
  const end = new TextEncoder().encode("make: *** [all] Error 1\n");
  const chunks = [...Array<Uint8Array>(40).fill(mebibyte), end];
  for (const [at, chunk] of chunks.entries()) {
    await rig.app.database.batch([
      sql`insert into log_chunk (run, attempt, start, bytes)
          values (${long}, 1, ${at * mebibyte.length}, ${chunk})`,
      sql`update run set log_bytes = log_bytes + ${chunk.length} where number = ${long}`,
    ]);
  }
  const line = 40 * 65_536 + 1;
  assertEquals(
    await failureOf(rig, long),
    `/runs/${long}?line=${line}#L${line}`,
  );

  const clean = await rig.run({ package: "clean" }, { exitCode: 4 });
  const none = await failureOf(rig, clean);
  const page = await readPage(rig, none, "bob");
  assertStringIncludes(page.text, "No line says that something failed.");

  // A run that is under way, as its row stands.
  const begin = async (state: string, text: string) => {
    const bytes = new TextEncoder().encode(text);
    await rig.app.database.batch([
      sql`delete from log_chunk where run = ${clean}`,
      sql`insert into log_chunk (run, attempt, start, bytes) values (${clean}, 1, 0, ${bytes})`,
      sql`update run set state = ${state}, finished_at = null, end = null,
          lease_until = ${rig.app.now() + 1e9}, log_bytes = ${bytes.length}
          where number = ${clean}`,
    ]);
  };
  await begin("running", "so far so good\n");
  const live = await readPage(rig, `/runs/${clean}`, "bob");
  assert(live.document.querySelector('a[href$="/log/failure"]'));
  const soFar = await readPage(rig, await failureOf(rig, clean), "bob");
  assertStringIncludes(soFar.text, "No line says that something failed so far");
  await begin("running", "so far so good\nFATAL: no");
  assertEquals(await failureOf(rig, clean), `/runs/${clean}?line=2#L2`);
});

function publish(
  rig: Pick<DebciRig, "app">,
  number: number,
  user: string,
  init: RequestInit = {},
) {
  return rig.app.request(`/runs/${number}/publish`, {
    method: "POST",
    user,
    ...init,
    headers: { accept: "text/html", ...init.headers },
  });
}

Deno.test("a private run is made public from its page by its owner alone, audited, and only by a POST", async () => {
  await using rig = await startPages();
  const number = await rig.run({ package: "secret", isPrivate: true });
  const isOffered = async (user?: string) => {
    const { document } = await readPage(rig, `/runs/${number}`, user);
    return document.querySelector('form[action$="/publish"]') !== null;
  };
  const isPrivate = async () =>
    (await rig.app.app.store.runs.findByNumber(number))?.isPrivate;
  assertEquals(await isOffered("alice"), true);
  const refused = [
    await publish(rig, number, "bob"),
    await publish(rig, number, "alice", { method: "GET" }),
    await publish(rig, number, "alice", {
      headers: { cookie: `${sessionCookie}=a-session` },
      body: new URLSearchParams({ [csrfFieldName]: "wrong" }),
    }),
    await rig.app.request(`/runs/${number}/publish`, {
      method: "POST",
      user: "alice",
      role: "viewer",
    }),
  ];
  assertEquals(refused.map(({ status }) => status), [404, 405, 403, 403]);
  for (const each of refused) await each.body?.cancel();
  assertEquals(await isPrivate(), true);

  const done = await publish(rig, number, "alice");
  assertEquals(done.status, 303);
  assertEquals(done.headers.get("location"), `/runs/${number}`);
  assertEquals(await isPrivate(), false);
  assertEquals([await isOffered("alice"), await isOffered("bob")], [
    false,
    false,
  ]);
  assertEquals((await readPage(rig, `/runs/${number}`)).status, 200);
  const [line] = await rig.app.app.store.audit.list({
    action: "runs:publish",
    limit: 5,
  });
  assertEquals(
    [line?.principal, line?.target, line?.outcome],
    ["user:alice", String(number), "done"],
  );
  // Another's public run is left as it is.
  const other = await publish(rig, number, "bob");
  assertEquals(other.status, 403);
  await other.body?.cancel();
});

Deno.test("the command for the same request is shown as text, whatever the names", async () => {
  await using rig = await startDebci({}, {}, [dummy()]);
  for (const text of hostile) {
    const number = await rig.run({ package: "sought" });
    await rig.app.database.batch([
      sql`update run set job = ${text}, request = json_set(
          request, '$.trigger', ${text}, '$.suite', ${`x${text}`}) where number = ${number}`,
    ]);
    const page = await readPage(rig, `/runs/${number}`, "bob");
    assertHarmless(page);
    const command = page.document.getElementById("command")?.textContent ?? "";
    assertMatch(command, /^curl [\x20-\x7e\n]*$/);
    assertStringIncludes(command, "'http://slipway.test/api/v1/test/x");
  }
});

Deno.test("a run that waits says why: others are before it, or no runner offers what it needs", async () => {
  await using rig = await startPages();
  await rig.run({ package: "first" });
  const number = await rig.ask({ package: "next" });
  const message = async () =>
    (await readPage(rig, `/runs/${number}`, "alice")).document
      .querySelector("#run p")?.textContent ?? "";
  assertStringIncludes(await message(), "Number 1 in its queue");
  // The runner falls silent.
  rig.app.advance(100_000);
  assertStringIncludes(await message(), "Waiting for a runner that offers");
});
