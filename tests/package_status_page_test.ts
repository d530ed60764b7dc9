import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { assertHarmless, type Page, readPage, startPages } from "./pages.ts";

function rowsOf({ document }: Page): string[][] {
  const grid = document.querySelector("table.grid tbody");
  return [...grid?.querySelectorAll("tr") ?? []].map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) => cell.textContent.trim())
  );
}

Deno.test("the overview counts packages by state in every place, and draws how that came", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  await rig.run({ package: "dash" }, { exitCode: 8 });
  await rig.run({ package: "zsh" }, { exitCode: 4 });
  rig.app.advance(200 * 86_400_000);
  await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.run({ package: "fish" }, { exitCode: 16 });
  await rig.run({ package: "fish", arch: "arm64" });
  await rig.ask({ package: "fish", arch: "arm64" });
  const page = await readPage(rig, "/status/");
  assertHarmless(page);
  assertEquals(rowsOf(page), [
    ["unstable", "amd64", "0", "1", "2", "1", "4", "33.3 %", "0"],
    ["unstable", "arm64", "1", "0", "0", "0", "1", "100 %", "1"],
  ]);
  const pictures = [...page.document.querySelectorAll("svg[role=img]")];
  assertEquals(pictures.map((each) => each.getAttribute("aria-label")), [
    "unstable on amd64 since 2026-01-02, now: 1 neutral, 2 failed, 1 errored",
    "unstable on arm64 since 2026-01-02, now: 1 passed",
  ]);
  const outline = pictures[0]?.querySelector("path.failed")?.getAttribute("d");
  assertEquals(outline?.split(" ").length, 101, "at most 101 points");
  const some = await readPage(rig, "/status/?arch[]=arm64");
  assertEquals(rowsOf(some).map(([, arch]) => arch), ["arm64"]);
  const none = await readPage(rig, "/status/?suite[]=nosuch");
  assertStringIncludes(none.text, "No package has a result there");
});

Deno.test("failing, alerts, slow and changes list each package by its newest result, newest or slowest first", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.run({ package: "bash" });
  await rig.run({ package: "dash" });
  await rig.run({ package: "dash" }, { exitCode: 4 });
  await rig.run({ package: "zsh", arch: "arm64" }, { exitCode: 4 });
  await rig.run({ package: "fish", suite: "testing" }, { exitCode: 16 });
  await rig.run({ package: "tcsh", pins: [["src:glibc", "testing"]] }, {
    exitCode: 4,
  });
  const shown = async (path: string) =>
    rowsOf(await readPage(rig, path)).map(([name]) => name);
  assertEquals(await shown("/status/failing/"), ["zsh", "dash"]);
  assertEquals(
    await shown("/status/failing/?suite[]=unstable&arch[]=amd64"),
    ["dash"],
  );
  assertEquals(
    await shown("/status/failing/?arch[]=amd64&arch[]=arm64"),
    ["zsh", "dash"],
  );
  assertEquals(await shown("/status/failing/?suite[]=nosuch"), []);
  assertEquals(await shown("/status/alerts/"), ["fish"]);
  assertEquals(await shown("/status/alerts/?suite[]=unstable"), []);
  assertEquals(await shown("/status/changes/"), ["dash", "bash"]);
  assertEquals(await shown("/status/slow/"), []);
  const changes = rowsOf(await readPage(rig, "/status/changes/?arch[]=amd64"));
  assertEquals(changes[0]?.slice(2, 4), ["✓ passed", "✗ failed"]);

  const took = async (name: string, minutes: number) => {
    const { database } = rig.app;
    const before = await rig.ask({ package: name });
    await database.batch([
      sql`update run set state = 'passed', started_at = 0, finished_at = ${
        minutes * 60_000
      }, "end" = '{"kind":"exited","exitCode":0}' where number = ${before}`,
    ]);
  };
  await took("short", 60);
  await took("long", 61);
  await took("longest", 300);
  assertEquals(await shown("/status/slow/"), ["longest", "long"]);
  assertEquals(await shown("/status/slow/?arch[]=arm64"), []);
});

Deno.test("lists go on page by page without gap or repetition, in one place and in all", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  await rig.run({ package: "bash", arch: "arm64" });
  const { runs } = rig.app.app.store;
  const outcome = { state: "failed", message: "Tests failed" } as const;
  const names = Array.from({ length: 250 }, (_, at) => `p${1000 + at}`);
  for (const number of [1, 2]) {
    const run = await runs.findByNumber(number);
    assert(run);
    const { owner, request, task, labels } = run;
    await runs.submit(
      "autopkgtest",
      owner,
      names.map((job) => ({ job, request, task, labels, outcome })),
    );
  }
  const all = async (first: string) => {
    const seen: string[] = [];
    for (let path: string | null | undefined = first; path;) {
      const page = await readPage(rig, path);
      seen.push(...rowsOf(page).map((cells) => cells.slice(0, 2).join(" ")));
      path = page.document.querySelector('a[rel="next"]')?.getAttribute("href");
    }
    return seen;
  };
  const places = ["unstable · amd64", "unstable · arm64"];
  const [amd64 = [], arm64 = []] = places.map((place) =>
    names.map((name) => `${name} ${place}`).toReversed()
  );
  assertEquals(await all("/status/failing/"), [...arm64, ...amd64]);
  assertEquals(await all("/status/failing/?arch[]=amd64"), amd64);
  assertEquals(await all("/status/failing/?suite[]=unstable"), [
    ...arm64,
    ...amd64,
  ]);
});

Deno.test("debci 82: pending tests are the public ones that are not over, oldest first", async () => {
  await using rig = await startPages();
  await rig.ask({ package: "first" });
  rig.app.advance(60_000);
  await rig.ask({ package: "hidden", isPrivate: true });
  await rig.ask({ package: "second", suite: "testing", arch: "arm64" });
  await rig.ask({ package: "third" });
  const shown = async (path: string) =>
    rowsOf(await readPage(rig, path, "alice")).map(([, , name]) => name);
  assertEquals(await shown("/status/pending/"), ["first", "second", "third"]);
  assertEquals(await shown("/status/pending/testing/"), ["second"]);
  assertEquals(await shown("/status/pending/?arch[]=amd64"), [
    "first",
    "third",
  ]);
  await rig.end();
  assertEquals(await shown("/status/pending/"), ["second", "third"]);
  await rig.publish(2);
  assertEquals(await shown("/status/pending/"), ["hidden", "second", "third"]);
  await rig.app.request("/runs/3/cancel", { method: "POST", user: "alice" });
  assertEquals(await shown("/status/pending/"), ["hidden", "third"]);
  assertEquals(await shown("/status/pending/?after=2"), ["third"]);
  const wrong = await readPage(rig, "/status/pending/?after=second");
  assertEquals(wrong.status, 400);
});

Deno.test("debci 94: platform-specific issues are packages that pass on one architecture and fail on another of the same suite", async () => {
  await using rig = await startPages();
  const ends = async (
    name: string,
    amd64: number,
    arm64: number,
    suite = "unstable",
  ) => {
    await rig.run({ package: name, suite }, { exitCode: amd64 });
    await rig.run({ package: name, suite, arch: "arm64" }, { exitCode: arm64 });
  };
  await ends("alike", 0, 0);
  await ends("both-fail", 4, 4);
  await ends("differs", 0, 4);
  await ends("neutral", 0, 8);
  await ends("no-testbed", 0, 16);
  await ends("turned", 4, 0, "testing");
  await rig.run({ package: "other-suite" });
  await rig.run({ package: "other-suite", suite: "testing", arch: "arm64" }, {
    exitCode: 4,
  });
  const path = "/status/platform-specific-issues/";
  assertEquals(rowsOf(await readPage(rig, path)), [
    ["differs", "unstable", "✓ passed", "✗ failed"],
    ["turned", "testing", "✗ failed", "✓ passed"],
  ]);
  const some = await readPage(rig, `${path}?suite[]=testing`);
  assertEquals(rowsOf(some).map(([name]) => name), ["turned"]);
  const later = await readPage(rig, `${path}?after=differs%2Funstable`);
  assertEquals(rowsOf(later).map(([name]) => name), ["turned"]);
  await rig.run({ package: "differs", arch: "arm64" });
  const mended = await readPage(rig, path);
  assertEquals(rowsOf(mended).map(([name]) => name), ["turned"]);
});

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "</code></title><svg onload=alert(1)>",
  "\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007",
  "evil\u202egnp.exe",
  "javascript:alert(1)",
];

Deno.test("names, versions, triggers and reasons that are meant to hurt are shown as text, on every page", async () => {
  await using rig = await startPages();
  await rig.run({ package: "victim" }, { exitCode: 4 });
  const { database, app } = rig.app;
  const victim = await app.store.runs.findByNumber(1);
  assert(victim);
  const { owner, task, labels } = victim;
  for (const text of hostile) {
    const request = {
      suite: text,
      arch: text,
      trigger: text,
      pin_packages: [[text, text]],
    };
    const mine = { job: text, request, task, labels };
    const end = (state: "passed" | "failed" | "errored") => ({
      ...mine,
      outcome: { state, message: text },
    });
    await app.store.runs.submit("autopkgtest", { ...owner, name: text }, [
      { ...end("passed"), request: { ...request, pin_packages: [] } },
      { ...end("failed"), request: { ...request, pin_packages: [] } },
      end("errored"),
      { ...mine, job: "victim" },
      mine,
    ]);
    await database.batch([
      sql`update autopkgtest_test set version = ${text}`,
      sql`update autopkgtest_status set duration_ms = 4000000`,
      sql`insert into autopkgtest_reject (package, suite, arch, version, reason, created_at)
        values ('victim', ${text}, ${text}, ${text}, ${text}, 0)`,
      sql`update autopkgtest_reject_revision set revision = revision + 1`,
    ]);
  }
  const lists = [
    "",
    "alerts/",
    "changes/",
    "failing/",
    "slow/",
    "pending/",
    "platform-specific-issues/",
    "reject_list/",
    "reject_list/?package=victim",
  ];
  const paths = [
    "/packages/",
    "/packages/v/",
    "/packages/v/victim/",
    "/packages/v/victim/unstable/amd64/",
    ...lists.map((list) => `/status/${list}`),
    ...hostile.flatMap((text) => {
      const word = encodeURIComponent(text);
      const prefix = encodeURIComponent(text.slice(0, 1));
      const query = new URLSearchParams([
        ["suite[]", text],
        ["arch[]", text],
        ["after", text],
        ["package", text],
      ]);
      return [
        `/packages/${word}/`,
        `/packages/${prefix}/${word}/`,
        `/packages/${prefix}/${word}/${word}/${word}/`,
        `/packages/${prefix}/${word}/${word}/${word}/${word}/`,
        `/packages/v/victim/${word}/${word}/`,
        `/packages/v/victim/unstable/amd64/?before=${word}`,
        `/packages/-/search?query=${word}&after=${word}`,
        `/status/${word}/`,
        `/status/pending/${word}/`,
        ...["", "failing/", "pending/", "reject_list/"].map((list) =>
          `/status/${list}?${query}`
        ),
      ];
    }),
  ];
  for (const path of paths) {
    const page = await readPage(rig, path, "bob");
    assert(page.status < 500, `${path}: ${page.status}`);
    assertHarmless(page);
    const pictures = page.document.querySelectorAll("svg:not([role=img])");
    assertEquals([...pictures], [], path);
  }
  const failing = await readPage(rig, "/status/failing/", "bob");
  assertStringIncludes(failing.text, "<script>alert(1)</script>");
  assertStringIncludes(failing.text, "evil[U+202E]gnp.exe");
  for (const text of ["evil\u202egnp.exe", `"><img src=x onerror=alert(1)>`]) {
    const word = encodeURIComponent(text);
    const path = `/packages/${encodeURIComponent(text.slice(0, 1))}/${word}/`;
    assertEquals((await readPage(rig, path)).status, 200, path);
    const history = await readPage(rig, `${path}${word}/${word}/`);
    assertEquals(rowsOf(history).length, 3, path);
  }
  const waiting = await readPage(rig, "/packages/v/victim/", "bob");
  assertStringIncludes(waiting.text, `"><img src=x onerror=alert(1)>`);
});
