import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { csrfFieldName, csrfToken } from "../http/csrf.ts";
import { sessionCookie } from "../http/cookie.ts";
import type { DebciRig } from "./debci.ts";
import { reject } from "./debci_requests.ts";
import { assertHarmless, readPage, startPages, toPage } from "./pages.ts";

const entry = "deb http://archive.test/debian unstable main";
const options = {
  extraAptSources: {
    open: { entry },
    bobs: { entry, allowed: ["user:bob"] },
  },
};

type Fields = Readonly<Record<string, string>>;

/** Sends a form as alice; `headers` in addition. */
async function send(
  { app }: DebciRig,
  path: string,
  fields: Fields | FormData,
  { headers = {}, user = "alice", role }: {
    headers?: Record<string, string>;
    user?: string;
    role?: "viewer";
  } = {},
) {
  const response = await app.request(path, {
    method: "POST",
    user,
    ...role && { role },
    headers: { accept: "text/html", ...headers },
    body: fields instanceof FormData ? fields : new URLSearchParams(fields),
  });
  const page = await toPage(response);
  const location = response.headers.get("location");
  return { ...page, location, text: page.html };
}

async function countRuns({ app }: DebciRig): Promise<number> {
  return (await app.app.store.runs.list({})).length;
}

const hello = { package: "hello", suite: "unstable", "arch[]": "amd64" };

/** Every form of these pages, with what would be carried out. */
const forms: readonly (readonly [path: string, fields: Fields])[] = [
  ["/user/alice/test/submit", hello],
  [
    "/user/alice/test/upload",
    {
      text:
        '[{"suite":"unstable","arch":["amd64"],"tests":[{"package":"hello"}]}]',
    },
  ],
  ["/user/alice/test/publish", { "run_ids[]": "1" }],
  ["/user/alice/test/cancel", { "run_ids[]": "1" }],
  ["/user/alice/retry/1", {}],
];

Deno.test("a form without its token, or with another session's, is refused as a page, and does nothing", async () => {
  await using rig = await startPages();
  const number = await rig.ask({ package: "secret", isPrivate: true });
  const cookie = { cookie: `${sessionCookie}=abc` };
  const others = { [csrfFieldName]: csrfToken("another") };
  for (const [path, fields] of [...forms, ["/api/v1/retry/1", {}] as const]) {
    for (const given of [fields, { ...fields, ...others }]) {
      const { status, text } = await send(rig, path, given, {
        headers: cookie,
      });
      assertEquals(status, 403, path);
      assertStringIncludes(text, "load the page again", path);
    }
  }
  const run = await rig.app.app.store.runs.findByNumber(number);
  assertEquals([run?.state, run?.isPrivate], ["queued", true]);
  assertEquals(await countRuns(rig), 1);
  const own = { ...hello, [csrfFieldName]: csrfToken("abc") };
  const sent = await send(rig, "/user/alice/test/submit", own, {
    headers: cookie,
  });
  assertEquals(sent.status, 303, sent.text);
  assertEquals(await countRuns(rig), 2);
});

Deno.test("who may only read is offered and allowed nothing but reading, and nobody is led to the sign-in", async () => {
  await using rig = await startPages();
  await rig.ask({ package: "secret", isPrivate: true });
  for (const [path, fields] of forms) {
    const { status } = await send(rig, path, fields, { role: "viewer" });
    assertEquals(status, 403, path);
    const anybody = await rig.app.request(path, {
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams(fields),
    });
    assertEquals(anybody.status, 303, path);
    assert(anybody.headers.get("location")?.startsWith("/login"));
    const { status: foreign } = await send(rig, path, fields, { user: "bob" });
    assert([400, 403].includes(foreign), path);
  }
  assertEquals(await countRuns(rig), 1);
  for (
    const path of ["", "/jobs", "/test", "/test/publish", "/test/cancel"]
  ) {
    const page = await readPage(rig, `/user/alice${path}`);
    assertEquals(
      page.headers.get("location"),
      `/login?return_to=${encodeURIComponent(`/user/alice${path}`)}`,
    );
  }
  const response = await rig.app.request("/user/alice/jobs", {
    user: "alice",
    role: "viewer",
    headers: { accept: "text/html" },
  });
  const html = await response.text();
  assertStringIncludes(html, "secret");
  assert(!/Publish|Cancel the|Request a test|Retry/.test(html));
});

Deno.test("what was typed is kept, with what is wrong beside each field, and nothing is stored", async () => {
  await using rig = await startPages(options);
  const typed = {
    package: "Hello World",
    suite: "nosuch",
    "arch[]": "m68k",
    trigger: "glibc/2 <b>",
    pin_packages: "src:glibc, nosuch",
    "extra_apt_sources[]": "bobs",
    is_private: "true",
    priority: "11",
  };
  const path = "/user/alice/test/submit";
  const { status, document } = await send(rig, path, typed);
  assertEquals(status, 400);
  for (
    const field of [
      "package",
      "suite",
      "arch",
      "pin_packages",
      "extra_apt_sources",
      "priority",
    ]
  ) {
    const fault = document.getElementById(`${field}-fault`);
    assert(fault?.textContent, field);
    const described = document.querySelector(
      `[aria-describedby="${field}-fault"]`,
    );
    assert(described, field);
  }
  const value = (selector: string) =>
    document.querySelector(selector)?.getAttribute("value");
  assertEquals(value('input[name="package"]'), "Hello World");
  assertEquals(value('input[name="trigger"]'), "glibc/2 <b>");
  assertEquals(value('select[name="suite"] [selected]'), "nosuch");
  assertEquals(value('input[name="arch[]"][checked]'), "m68k");
  assertEquals(value('input[name="is_private"][checked]'), "true");
  assertEquals(
    document.querySelector('textarea[name="pin_packages"]')?.textContent.trim(),
    "src:glibc, nosuch",
  );
  assertEquals(await countRuns(rig), 0);
});

Deno.test("a package on the reject list is refused beside its field, and named with where", async () => {
  await using rig = await startPages();
  await reject(rig.app, "hello unstable arm64");
  const path = "/user/alice/test/submit";
  const fields = new URLSearchParams(hello);
  fields.append("arch[]", "arm64");
  const response = await rig.app.request(path, {
    method: "POST",
    user: "alice",
    body: fields,
  });
  assertEquals(response.status, 400);
  assertStringIncludes(await response.text(), "on the reject list on arm64");
  assertEquals(await countRuns(rig), 0);
  assertEquals((await send(rig, path, hello)).status, 303);
});

Deno.test("each fault of an upload is told with its place, its text comes back for mending, and nothing is stored", async () => {
  await using rig = await startPages();
  const path = "/user/alice/test/upload";
  const requests = [
    { suite: "unstable", arch: ["amd64"], tests: [{ package: "hello" }] },
    {
      suite: "unstable",
      arch: ["amd64"],
      tests: [{ package: "good" }, { package: "Bad One" }, {
        package: "pinned",
        "pin-packages": [["src:abc", "nosuch"]],
      }],
    },
  ];
  const json = JSON.stringify(requests, null, 2);
  const form = new FormData();
  form.set("tests", new File([json], "tests.json"));
  const { status, document } = await send(rig, path, form);
  assertEquals(status, 400);
  const told = [...document.querySelectorAll("ul.fault li")].map((item) =>
    item.textContent
  );
  assertEquals(told, [
    "Invalid package name at request index 1 and test index 1 (package Bad One)",
    'Invalid value for pin-packages at request index 1 and test index 2: unknown suite "nosuch", expected one of unstable, testing, stable (package pinned)',
  ]);
  // The parser leaves a text area's entities as they are.
  const kept = document.querySelector("textarea[name=text]")?.textContent;
  assertEquals(kept?.replaceAll("&quot;", '"').trim(), json);
  for (
    const [given, said] of [
      ["not json", "Line 1, column 1: this is no JSON"],
      [
        '[{"suite": "unstable",\n "arch": [}]',
        "Line 2, column 11: this is no JSON",
      ],
      ["{}", "Not an array"],
      ["[]", "there is no test in it"],
      ["[".repeat(200_000), "too deep"],
    ] as const
  ) {
    const answer = await send(rig, path, { text: given });
    assertEquals(answer.status, 400, given.slice(0, 20));
    assertStringIncludes(answer.text, said);
    assert(!answer.text.includes("unexpected token"), said);
  }
  const broken = await send(rig, path, { text: "not json" });
  assertEquals(
    broken.document.querySelector("#text-fault")?.textContent,
    "Line 1, column 1: this is no JSON",
  );
  const keys = [
    ...broken.document.querySelectorAll("label:has(#text-fault) code"),
  ].map(({ textContent }) => textContent);
  assertEquals(keys.slice(0, 3), ["suite", "arch", "tests"]);
  const both = await send(rig, path, { text: "[]", tests: "[{}]" });
  assertStringIncludes(both.text, "not both");
  const wrong = await send(rig, path, {
    text: JSON.stringify(requests.slice(0, 1)),
    priority: "0",
  });
  assertStringIncludes(wrong.text, "from 1 to 10");
  assertEquals(await countRuns(rig), 0);
  const mended = json.replace("Bad One", "bad-one").replace(
    "nosuch",
    "testing",
  );
  assertEquals((await send(rig, path, { text: mended })).status, 303);
  assertEquals(await countRuns(rig), 4);
});

Deno.test("an upload that was cut off, is too large or is no UTF-8 is refused whole", async () => {
  await using rig = await startPages({ maxUploadBytes: 4096 });
  const part =
    '--b\r\nContent-Disposition: form-data; name="tests"; filename="t"\r\n\r\n[]\r\n';
  const type = { "content-type": "multipart/form-data; boundary=b" };
  const post = async (body: BodyInit, headers = type) => {
    const response = await rig.app.request("/user/alice/test/upload", {
      method: "POST",
      user: "alice",
      headers: { accept: "text/html", ...headers },
      body,
    });
    return [response.status, await response.text()] as const;
  };
  for (
    const [body, status, said] of [
      [part, 400, "closing boundary"],
      [`${part}--b--\r\n`, 400, "there is no test in it"],
      ["x".repeat(5000), 413, "larger than 4096 bytes"],
      [new Uint8Array([0xff, 0xfe]), 400, "not valid UTF-8"],
    ] as const
  ) {
    const [answered, text] = await post(body);
    assertEquals(answered, status, said);
    assertStringIncludes(text, said);
  }
  const [json] = await post("[]", { "content-type": "application/json" });
  assertEquals(json, 415);
});

Deno.test("private tests are published by their owner, after a look, and the audit says which", async () => {
  await using rig = await startPages();
  const mine = await rig.ask({ package: "mine", isPrivate: true });
  const other = await rig.ask({ package: "other", isPrivate: true });
  const bobs = await rig.ask({
    package: "bobs",
    isPrivate: true,
    user: "bob",
  });
  const path = "/user/alice/test/publish";
  const page = await readPage(rig, path, "alice");
  assertStringIncludes(page.text, "mine");
  assert(!page.html.includes("bobs"));
  const chosen = await readPage(
    rig,
    `${path}?run_ids[]=${mine}&run_ids[]=${bobs}`,
    "alice",
  );
  assert(!chosen.html.includes("bobs"));
  assert(!chosen.text.includes("other"));
  const none = await send(rig, path, {});
  assertEquals(none.status, 400);
  const many = Array.from({ length: 501 }, (_, at) => at + 1).join(",");
  assertEquals((await send(rig, path, { run_ids: many })).status, 400);
  const done = await send(rig, path, { run_ids: `${mine},${bobs}` });
  assertEquals(done.location, "/user/alice/jobs?published=1");
  const { runs, audit } = rig.app.app.store;
  const privacy = await Promise.all(
    [mine, other, bobs].map(async (number) =>
      (await runs.findByNumber(number))?.isPrivate
    ),
  );
  assertEquals(privacy, [false, true, true]);
  const lines = await audit.list({ limit: 1 });
  assertEquals(
    lines.map(({ action, target, outcome }) => [action, target, outcome]),
    [["tests:publish", (await runs.findByNumber(mine))?.id ?? "", "done"]],
  );
  const after = await readPage(rig, `${path}?run_ids[]=${mine}`, "alice");
  assertStringIncludes(after.text, "public already");
  const left = await readPage(rig, path, "alice");
  assert(!left.text.includes("mine"));
});

Deno.test("only what is one's own and not over is cancelled, after a look", async () => {
  await using rig = await startPages();
  const over = await rig.run({ package: "over" });
  const waits = await rig.ask({ package: "waits" });
  const bobs = await rig.ask({ package: "bobs", user: "bob" });
  const query = [over, waits, bobs].map((each) => `run_ids[]=${each}`).join(
    "&",
  );
  const path = "/user/alice/test/cancel";
  const page = await readPage(rig, `${path}?${query}`, "alice");
  const ticked = [...page.document.querySelectorAll("input[checked]")];
  assertEquals(ticked.map((box) => box.getAttribute("value")), [`${waits}`]);
  assertEquals((await readPage(rig, path, "alice")).status, 400);
  const done = await send(rig, path, { run_ids: `${over},${waits},${bobs}` });
  assertEquals(done.location, "/user/alice/jobs?cancelled=1");
  const { runs } = rig.app.app.store;
  const states = await Promise.all(
    [over, waits, bobs].map(async (number) =>
      (await runs.findByNumber(number))?.state
    ),
  );
  assertEquals(states, ["passed", "aborted", "queued"]);
  const again = await readPage(rig, `${path}?${query}`, "alice");
  assertStringIncludes(again.text, "None of these tests waits");
});

Deno.test("a GET of any of these pages changes nothing", async () => {
  await using rig = await startPages();
  await rig.ask({ package: "secret", isPrivate: true });
  for (
    const path of [
      "/user/alice/test?package=hello&suite=unstable&arch[]=amd64&export=1",
      "/user/alice/test/publish?run_ids[]=1",
      "/user/alice/test/cancel?run_ids[]=1",
      "/user/alice/retry/1",
      "/user/alice/getkey",
      "/user/alice/jobs?published=3",
    ]
  ) {
    const page = await readPage(rig, path, "alice");
    assert([200, 303].includes(page.status), path);
  }
  for (const path of ["submit", "upload"]) {
    const page = await readPage(rig, `/user/alice/test/${path}`, "alice");
    assert(page.status >= 400);
  }
  const run = await rig.app.app.store.runs.findByNumber(1);
  assertEquals([run?.state, run?.isPrivate], ["queued", true]);
  assertEquals(await countRuns(rig), 1);
});

Deno.test("a link fills the form in", async () => {
  await using rig = await startPages();
  const page = await readPage(
    rig,
    "/user/:user/test?package=hello&arch[]=arm64&trigger=glibc%2F2",
    "alice",
  );
  const to = page.headers.get("location") ?? "";
  const { document } = await readPage(rig, to, "alice");
  const value = (selector: string) =>
    document.querySelector(selector)?.getAttribute("value");
  assertEquals(value('input[name="package"]'), "hello");
  assertEquals(value('input[name="trigger"]'), "glibc/2");
  const ticked = [...document.querySelectorAll('[name="arch[]"][checked]')];
  assertEquals(ticked.map((box) => box.getAttribute("value")), ["arm64"]);
});

Deno.test("an empty list says what to do next", async () => {
  await using rig = await startPages();
  for (
    const [path, said] of [
      ["/jobs", "Request one"],
      ["/jobs?package=nosuch", "show all of yours"],
      ["/jobs?before=1", "Back to the newest"],
      ["/test/publish", "You have no private test"],
    ]
  ) {
    const page = await readPage(rig, `/user/alice${path}`, "alice");
    assertStringIncludes(page.text, said ?? "");
  }
});

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007",
  "evil\u202egnp.exe",
  "javascript:alert(1)",
];

Deno.test("names that are meant to hurt are shown as text on every page", async () => {
  await using rig = await startPages();
  for (const [at, text] of hostile.entries()) {
    await rig.ask({ package: `victim${at}`, isPrivate: true });
    await rig.app.database.batch([
      sql`update run set job = ${text}, owner_name = ${text},
        request = json_set(request, '$.suite', ${text}, '$.trigger', ${text},
          '$.pin_packages', json_array(json_array(${text}, ${text})))
        where number = ${at + 1}`,
      sql`update autopkgtest_request set package = ${text}, suite = ${text},
        arch = ${text}, cause = ${text} where number = ${at + 1}`,
    ]);
    const query = new URLSearchParams({
      package: text,
      trigger: text,
      state: text,
      suite: text,
      "arch[]": text,
      extra_apt_sources: text,
      pin_packages: text,
      is_private: text,
      priority: text,
      published: text,
      run_ids: text,
    });
    const paths = [
      "/user/alice/jobs",
      `/user/alice/jobs?${query}`,
      `/user/alice/test?${query}`,
      "/user/alice/test/publish",
      "/user/alice/test/cancel?run_ids=1,2,3,4,5",
      `/user/alice/test/cancel?${query}`,
      `/user/alice/retry/${at + 1}`,
      `/user/alice/retry/${encodeURIComponent(text)}`,
      `/user/${encodeURIComponent(text)}`,
    ];
    for (const path of paths) {
      const page = await readPage(rig, path, "alice");
      assert(page.status < 500, path);
      if (page.status !== 303) assertHarmless(page);
    }
    for (
      const [path, fields] of [
        ["submit", {
          package: text,
          suite: text,
          "arch[]": text,
          trigger: text,
        }],
        ["upload", { text: JSON.stringify([{ suite: text, arch: [text] }]) }],
        ["upload", { text }],
      ] as const
    ) {
      const { status, text: html } = await send(
        rig,
        `/user/alice/test/${path}`,
        fields,
      );
      assertEquals(status, 400);
      assert(!/<script>|<img/.test(html), html);
    }
  }
});

Deno.test("a user whose name is that of a path of debci's is led to a page, not in a circle", async () => {
  await using rig = await startPages();
  for (const name of ["login", "logout"]) {
    for (const path of ["/user", "/user/login", "/user/:user"]) {
      const led = await readPage(rig, path, name);
      const to = led.headers.get("location") ?? "";
      assertEquals([path, led.status, to], [path, 303, `/user/${name}/jobs`]);
      assertEquals((await readPage(rig, to, name)).status, 200);
    }
  }
});
