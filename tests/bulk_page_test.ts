import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { sessionCookie } from "../http/cookie.ts";
import type { Run } from "../core/run.ts";
import type { DebciRig } from "./debci.ts";
import { assertHarmless, readPage, startPages } from "./pages.ts";

/** Sends a form of a page as a browser does. */
async function post(
  rig: DebciRig,
  path: string,
  numbers: readonly number[],
  user = "alice",
  init: { role?: "admin" | "viewer" } = {},
): Promise<Response> {
  return await rig.app.request(path, {
    ...init,
    method: "POST",
    user,
    headers: { accept: "text/html" },
    body: new URLSearchParams(numbers.map((each) => ["run", String(each)])),
  });
}

async function stored(rig: DebciRig): Promise<Map<number, Run>> {
  const runs = await rig.app.app.store.runs.list({});
  return new Map(runs.map((run) => [run.number, run]));
}

/** Numbers that the form of a preview would send. */
async function offered(rig: DebciRig, query: string, user = "alice") {
  const page = await readPage(rig, `/runs/bulk?${query}`, user);
  assertEquals(page.status, 200, query);
  assertHarmless(page);
  const inputs = page.document.querySelectorAll('main input[name="run"]');
  return {
    page,
    numbers: [...inputs].map((input) => Number(input.getAttribute("value"))),
    leftOut: page.document.querySelector("#left-out-title + ul")?.textContent ??
      "",
  };
}

Deno.test("what a bulk cancel would touch is shown first, then done at once, and reported", async () => {
  await using rig = await startPages();
  const [mine, other, theirs] = [
    await rig.ask({ package: "mine" }),
    await rig.ask({ package: "other", arch: "arm64" }),
    await rig.ask({ package: "theirs", user: "bob" }),
  ];
  const over = await rig.ask({ package: "over" });
  await (await post(rig, "/runs/bulk/cancel", [over])).body?.cancel();

  const all = await offered(rig, "action=cancel");
  assertEquals(all.numbers, [other, mine]);
  assertStringIncludes(all.page.text, "1 of other people");
  assertEquals((await offered(rig, "action=cancel&arch=arm64")).numbers, [
    other,
  ]);
  assertEquals((await offered(rig, "action=cancel&state=failed")).numbers, []);
  const ticks = [mine, theirs, over, 99].map((each) => `run=${each}`).join("&");
  const ticked = await offered(rig, `action=cancel&arch=i386&${ticks}`);
  assertEquals(ticked.numbers, [mine]);
  assertStringIncludes(ticked.leftOut, `#${theirs} theirs: it is bob's`);
  assertStringIncludes(ticked.leftOut, `#${over} over: it is over (aborted)`);
  assertStringIncludes(ticked.leftOut, "#99: there is no such run");
  const before = await stored(rig);
  assertEquals(before.get(mine)?.state, "queued", "a preview changes nothing");

  const answer = await post(rig, "/runs/bulk/cancel", [mine, other, theirs]);
  assertEquals(answer.status, 303);
  const after = await stored(rig);
  assertEquals(
    [mine, other, theirs].map((each) => after.get(each)?.state),
    ["aborted", "aborted", "queued"],
  );
  const report = await readPage(
    rig,
    answer.headers.get("location") ?? "",
    "alice",
  );
  assertHarmless(report);
  assertStringIncludes(report.text, "2 runs cancelled");
  assertStringIncludes(report.text, `#${theirs} theirs: it is bob's`);
  const lines = await rig.app.database.query(
    sql`select target, principal, outcome from audit
      where action = 'runs:cancel' and target in (${
      after.get(mine)?.id ?? ""
    }, ${after.get(other)?.id ?? ""}, ${after.get(theirs)?.id ?? ""})`,
  );
  assertEquals(
    lines.map(({ target, principal, outcome }) => [target, principal, outcome])
      .toSorted(),
    [mine, other].map((each) => [after.get(each)?.id, "user:alice", "done"])
      .toSorted(),
  );
});

Deno.test("a run that a runner has is told to stop, and one that ended since the preview is reported", async () => {
  await using rig = await startPages();
  const ended = await rig.run({ package: "quick" });
  const live = await rig.ask({ package: "slow" });
  await rig.app.database.batch([
    sql`update run set state = 'running', attempt = 1 where number = ${live}`,
  ]);
  const answer = await post(rig, "/runs/bulk/cancel", [ended, live]);
  const runs = await stored(rig);
  assertEquals(runs.get(ended)?.state, "passed");
  assert(runs.get(live)?.cancelRequestedAt);
  const path = answer.headers.get("location") ?? "";
  const report = await readPage(rig, path, "alice");
  assertStringIncludes(report.text, "1 run cancelled");
  assertStringIncludes(report.text, "1 are with a runner");
  assertStringIncludes(report.text, `#${ended} quick: it is over (passed)`);
  const again = await offered(rig, `action=cancel&run=${live}`);
  assertStringIncludes(again.leftOut, "told to stop already");
});

Deno.test("a bulk retry makes all new runs in one write, leaves out what its backend refuses, and says so", async () => {
  await using rig = await startPages();
  const numbers = [
    await rig.run({ package: "one" }, { exitCode: 4 }),
    await rig.run({ package: "two" }, { exitCode: 4 }),
    await rig.run({ package: "banned" }, { exitCode: 4 }),
  ];
  const waits = await rig.ask({ package: "waits" });
  await rig.app.database.batch([
    sql`insert into autopkgtest_reject (package, suite, arch, version, reason, created_at)
      values ('banned', '*', '*', '*', '', 0)`,
    sql`update autopkgtest_reject_revision set revision = revision + 1`,
  ]);
  assertEquals((await offered(rig, "action=retry&state=failed")).numbers, [
    2,
    1,
  ]);
  const query = `action=retry&${
    [...numbers, waits].map((each) => `run=${each}`).join("&")
  }`;
  const preview = await offered(rig, query);
  assertEquals(preview.numbers, [2, 1]);
  assertStringIncludes(preview.leftOut, "banned is in the REJECT list");
  assertStringIncludes(preview.leftOut, `#${waits} waits: it is not over`);
  assertEquals((await stored(rig)).size, 4);

  const answer = await post(rig, "/runs/bulk/retry", [...numbers, waits]);
  assertEquals(answer.status, 303);
  const runs = await stored(rig);
  assertEquals(runs.size, 6);
  const made = [...runs.values()].filter(({ number }) => number > waits);
  assertEquals(made.map(({ job, state }) => [job, state]).toSorted(), [
    ["one", "queued"],
    ["two", "queued"],
  ]);
  const path = answer.headers.get("location") ?? "";
  const report = await readPage(rig, path, "alice");
  assertStringIncludes(report.text, "2 runs asked for again");
  assertStringIncludes(report.text, "banned is in the REJECT list");
  const lines = await rig.app.database.query(
    sql`select target from audit where action = 'runs:create'`,
  );
  assertEquals(
    lines.map(({ target }) => target).toSorted(),
    made.map(({ id }) => id).toSorted(),
  );
});

Deno.test("who may not is offered nothing and refused, private runs stay hidden, and administrators take all", async () => {
  await using rig = await startPages();
  const number = await rig.ask({ package: "secret", isPrivate: true });
  const hidden = await offered(rig, `action=cancel&run=${number}`, "bob");
  assertEquals(hidden.numbers, []);
  assertStringIncludes(hidden.leftOut, "there is no such run that you may see");
  assert(!hidden.page.html.includes("secret"));
  const all = await offered(rig, "action=cancel", "bob");
  assert(!all.page.text.includes("other people"), "not even its number shows");
  for (
    const [user, role, status] of [
      ["bob", undefined, 303],
      ["bob", "viewer", 403],
    ] as const
  ) {
    const answer = await post(rig, "/runs/bulk/cancel", [number], user, {
      ...role && { role },
    });
    await answer.body?.cancel();
    assertEquals(answer.status, status);
    assertEquals((await stored(rig)).get(number)?.state, "queued");
  }
  const anybody = await readPage(rig, "/runs/bulk?action=cancel");
  assertEquals(anybody.status, 303);
  assert(!(await readPage(rig, "/runs")).html.includes('name="run"'));
  const viewer = await rig.app.request("/runs/bulk?action=retry", {
    user: "bob",
    role: "viewer",
    headers: { accept: "text/html" },
  });
  await viewer.body?.cancel();
  assertEquals(viewer.status, 403);
  await rig.app.advance(1);
  const admin = await post(rig, "/runs/bulk/cancel", [number], "root", {
    role: "admin",
  });
  assertEquals(admin.status, 303);
  assertEquals((await stored(rig)).get(number)?.state, "aborted");
});

Deno.test("a bulk form that names none, too many or nonsense is refused, and nothing is done", async () => {
  await using rig = await startPages();
  const number = await rig.ask({ package: "kept" });
  const many = Array.from({ length: 501 }, (_, at) => at + 1);
  for (const numbers of [[], many]) {
    const answer = await post(rig, "/runs/bulk/cancel", numbers);
    assertStringIncludes(await answer.text(), "1 to 500 are taken at a time");
    assertEquals(answer.status, 400);
  }
  for (const path of ["/runs/bulk/cancel", `/runs/${number}/retry`]) {
    const forged = await rig.app.request(path, {
      method: "POST",
      user: "alice",
      headers: { accept: "text/html", cookie: `${sessionCookie}=a-session` },
      body: new URLSearchParams({ run: String(number) }),
    });
    assertStringIncludes(await forged.text(), "not of a page that was made");
    assertEquals(forged.status, 403);
  }
  for (
    const [path, status] of [
      ["/runs/bulk", 400],
      ["/runs/bulk?action=delete", 400],
      ["/runs/bulk?action=cancel&state=odd", 303],
      ["/runs/bulk/done?action=cancel&done=x,,1e9&left=%00", 200],
      ["/runs/bulk/cancel", 405],
    ] as const
  ) assertEquals((await readPage(rig, path, "alice")).status, status, path);
  assertEquals((await stored(rig)).get(number)?.state, "queued");
});

Deno.test("of more than 500 runs the newest 500 are taken, and the page says so", async () => {
  await using rig = await startPages();
  const { account } = await rig.app.app.store.accounts.ensure(
    "user",
    "alice",
    [],
  );
  const submission = {
    job: "many",
    request: {},
    task: {},
    labels: { backend: "autopkgtest" },
  };
  const owner = { account: account.id, name: "alice" };
  await rig.app.app.store.runs.submit(
    "autopkgtest",
    owner,
    Array.from({ length: 501 }, () => submission),
  );
  const { numbers, page } = await offered(rig, "action=cancel&job=many");
  assertEquals([numbers.length, numbers[0], numbers.at(-1)], [500, 501, 2]);
  assertStringIncludes(page.text, "There are more: at most 500");
  assertStringIncludes(page.text, "the newest 50 of 500");
  const answer = await post(rig, "/runs/bulk/cancel", numbers);
  const path = answer.headers.get("location") ?? "";
  assert(path.length < 4_000, `${path.length}`);
  assertStringIncludes(
    (await readPage(rig, path, "alice")).text,
    "500 runs cancelled",
  );
  const states = [...(await stored(rig)).values()].map(({ state }) => state);
  assertEquals(states.filter((state) => state === "queued").length, 1);
});

Deno.test("hostile names are text on the pages of a bulk change", async () => {
  await using rig = await startPages();
  const text = `<img src=x onerror=alert(1)>\u202e\u001b[31m`;
  const number = await rig.ask({ package: "victim", user: "bob" });
  const own = await rig.ask({ package: "own" });
  await rig.app.database.batch([
    sql`update run set job = ${text}, owner_name = ${text}`,
  ]);
  const query = `run=${number}&run=${own}&job=${encodeURIComponent(text)}`;
  const { page } = await offered(rig, `action=cancel&${query}`);
  assertStringIncludes(page.text, "<img src=x onerror=alert(1)>[U+202E]");
  assertHarmless(
    await readPage(
      rig,
      `/runs/bulk/done?action=retry&done=${own}&left=${number}`,
      "alice",
    ),
  );
});
