import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TestApp } from "../../../../tests/app.ts";
import {
  checkLines,
  post,
  postTests,
  stored,
} from "../../../../tests/debci_requests.ts";
import { readPage } from "../../../../tests/pages.ts";

const form = "/user/alice/test/submit";
const upload = "/user/alice/test/upload";

/** Sends the form of one test, or of an upload. */
async function send(
  app: TestApp,
  path: string,
  fields: readonly (readonly [string, string])[],
) {
  const body = new URLSearchParams(
    fields.map(([name, value]) => [name, value]),
  );
  const response = await app.request(path, {
    method: "POST",
    user: "alice",
    headers: { accept: "text/html" },
    body,
  });
  return { response, text: await response.text() };
}

/** Sends a file as a browser does. */
async function sendFile(app: TestApp, json: string) {
  const body = new FormData();
  body.set("tests", new File([json], "tests.json"));
  const response = await app.request(upload, {
    method: "POST",
    user: "alice",
    headers: { accept: "text/html" },
    body,
  });
  return { response, text: await response.text() };
}

/** The packages on the list, newest first. */
async function listed(app: TestApp, query: string, user = "alice") {
  const page = await readPage({ app }, `/user/${user}/jobs${query}`, user);
  assertEquals(page.status, 200);
  return [...page.document.querySelectorAll('td[data-label="Package"] bdi')]
    .map(({ textContent }) => textContent);
}

const filled = [
  ["package", "gzip"],
  ["suite", "unstable"],
  ["arch[]", "amd64"],
  ["arch[]", "arm64"],
  ["trigger", "manual"],
] as const;

const pinned = [
  ...filled,
  ["pin_packages", "src:bar, testing\nfoo, src:baz, stable"],
  ["is_private", "true"],
  ["extra_apt_sources[]", "open"],
] as const;

const tests = [{
  trigger: "manual",
  package: "gzip",
  is_private: true,
  "extra-apt-sources": ["open"],
  "pin-packages": [["src:bar", "testing"], ["foo", "src:baz", "stable"]],
}];

checkLines([
  [
    46,
    "debci's placeholder for the user leads to the reader's own page",
    async (app) => {
      await post(app, "/api/v1/test/unstable/amd64/bash");
      for (const rest of ["/retry/1", "/test", "/jobs", "/test/publish", ""]) {
        const response = await app.request(`/user/:user${rest}`, {
          user: "alice",
        });
        assertEquals(response.status, 303, rest);
        assertEquals(response.headers.get("location"), `/user/alice${rest}`);
      }
    },
  ],
  [45, "the retry page is nobody's who is not signed in", async (app) => {
    await post(app, "/api/v1/test/unstable/amd64/bash");
    for (const method of ["GET", "POST"]) {
      const response = await app.request("/user/alice/retry/1", {
        method,
        headers: { accept: "text/html" },
      });
      assertEquals(response.status, 303);
      assert(response.headers.get("location")?.startsWith("/login"));
    }
    assertEquals((await stored(app)).length, 1);
  }],
  [48, "the button of the retry page makes the copy", async (app) => {
    await postTests(app, tests);
    const { response } = await send(app, "/user/alice/retry/1", []);
    assertEquals(response.headers.get("location"), "/runs/2");
    const [run, copy] = await stored(app);
    assertEquals([copy?.request, copy?.isPrivate, copy?.owner], [
      run?.request,
      run?.isPrivate,
      run?.owner,
    ]);
  }],
  [57, "an export is JSON, and stores nothing", async (app) => {
    const fields = [...pinned, ["export", ""]] as const;
    const { response, text } = await send(app, form, fields);
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "application/json");
    assertEquals(JSON.parse(text), [
      { arch: ["amd64", "arm64"], suite: "unstable", tests },
    ]);
    assertEquals((await stored(app)).length, 0);
    // What is exported can be handed in.
    assertEquals((await sendFile(app, text)).response.status, 303);
    assertEquals((await stored(app)).map(({ request }) => request.arch), [
      "amd64",
      "arm64",
    ]);
  }],
  [58, "an incomplete form is not exported", async (app) => {
    for (const name of ["package", "suite", "arch[]"]) {
      const rest = filled.filter(([field]) => field !== name);
      const { response } = await send(app, form, [...rest, ["export", ""]]);
      assertEquals(response.status, 400, name);
      assertStringIncludes(response.headers.get("content-type") ?? "", "html");
    }
  }],
  [59, "a form is stored with its fields, and no pins", async (app) => {
    const { response } = await send(app, form, filled);
    assertEquals(response.status, 303);
    assertEquals(response.headers.get("location"), "/user/alice/jobs?asked=2");
    const runs = await stored(app);
    assertEquals(runs.map(({ job, owner }) => [job, owner.name]), [
      ["gzip", "alice"],
      ["gzip", "alice"],
    ]);
    assertEquals(
      runs.map(({ request, isPrivate, priority }) => [
        request.suite,
        request.arch,
        request.trigger,
        request.pin_packages,
        isPrivate,
        priority,
      ]),
      [
        ["unstable", "amd64", "manual", [], false, 5],
        ["unstable", "arm64", "manual", [], false, 5],
      ],
    );
  }],
  [
    60,
    "an empty package, suite or architecture is told beside its field, and nothing is stored",
    async (app) => {
      for (const name of ["package", "suite", "arch[]"]) {
        const rest = filled.filter(([field]) => field !== name);
        const fields = name === "arch[]"
          ? rest
          : [...rest, [name, ""] as const];
        const { response, text } = await send(app, form, fields);
        assertEquals(response.status, 400, name);
        assertStringIncludes(text, `id="${name.replace("[]", "")}-fault"`);
      }
      assertEquals((await stored(app)).length, 0);
    },
  ],
  [61, "a valid upload is stored", async (app) => {
    const batch = [{ arch: ["amd64"], suite: "unstable", tests }];
    const { response } = await sendFile(app, JSON.stringify(batch));
    assertEquals(response.status, 303);
    assertEquals((await stored(app)).map(({ job }) => job), ["gzip"]);
  }],
  [62, "an upload without a file is 400", async (app) => {
    const { response, text } = await send(app, upload, []);
    assertEquals(response.status, 400);
    assertStringIncludes(text, "Choose a file");
  }],
  [63, "an upload with an unknown suite is 400", async (app) => {
    const batch = [{ arch: ["amd64"], suite: "nosuch", tests }];
    const { response, text } = await sendFile(app, JSON.stringify(batch));
    assertEquals(response.status, 400);
    assertStringIncludes(text, "Wrong suite (nosuch) at request index 0");
    assertEquals((await stored(app)).length, 0);
  }],
  [64, "an upload with an unknown architecture is 400", async (app) => {
    const batch = [{ arch: ["xyz"], suite: "unstable", tests }];
    const { response, text } = await sendFile(app, JSON.stringify(batch));
    assertEquals(response.status, 400);
    assertStringIncludes(text, "Wrong archs (xyz) at request index 0");
  }],
  [65, "an upload without an architecture is 400", async (app) => {
    const batch = [{ suite: "unstable", tests }];
    const { response, text } = await sendFile(app, JSON.stringify(batch));
    assertEquals(response.status, 400);
    assertStringIncludes(text, "No archs are specified at request index 0");
  }],
]);

/** Tests of alice's that a filter tells apart. */
async function seed(app: TestApp) {
  const ask = (
    name: string,
    arch: string,
    trigger: string,
    is_private = false,
  ) =>
    postTests(
      app,
      [{ package: name, trigger, is_private }],
      `/api/v1/test/unstable/${arch}`,
    );
  await ask("bash", "amd64", "glibc/1");
  await ask("bar", "arm64", "glibc/2");
  await ask("curl", "arm64", "openssl/3");
  await ask("barrel", "amd64", "openssl/3", true);
}

checkLines([
  [66, "requests are filtered by package", async (app) => {
    await seed(app);
    assertEquals(await listed(app, "?package=bar"), ["bar"]);
    assertEquals(await listed(app, "?package=nosuch"), []);
  }],
  [67, "a star in the package is anything", async (app) => {
    await seed(app);
    assertEquals(await listed(app, "?package=ba*"), ["barrel", "bar", "bash"]);
    assertEquals(await listed(app, "?package=*r*l"), ["barrel", "curl"]);
    assertEquals(await listed(app, "?package=b[a]*"), []);
    assertEquals(await listed(app, "?package=ba?*"), []);
  }],
  [68, "requests are filtered by trigger and architecture", async (app) => {
    await seed(app);
    const query = "?trigger=openssl&arch[]=arm64";
    assertEquals(await listed(app, query), ["curl"]);
  }],
  [69, "requests are filtered by architecture alone", async (app) => {
    await seed(app);
    assertEquals(await listed(app, "?arch[]=arm64"), ["curl", "bar"]);
    const both = "?arch[]=arm64&arch[]=amd64";
    assertEquals((await listed(app, both)).length, 4);
  }],
  [70, "requests are filtered by everything at once", async (app) => {
    await seed(app);
    const query =
      "?package=ba*&trigger=&suite[]=unstable&arch[]=amd64&is_private[]=true";
    assertEquals(await listed(app, query), ["barrel"]);
    assertEquals(await listed(app, query.replace("unstable", "stable")), []);
    assertEquals(await listed(app, `${query}&state=passed`), []);
    assertEquals(await listed(app, `${query}&state=waiting`), ["barrel"]);
  }],
  [71, "requests come newest first", async (app) => {
    await seed(app);
    const all = ["barrel", "curl", "bar", "bash"];
    assertEquals(await listed(app, ""), all);
    assertEquals(await listed(app, "?page=abc"), all);
  }],
  [72, "private requests are for their owner only", async (app) => {
    await seed(app);
    assertEquals(await listed(app, "", "bob"), []);
    const response = await app.request("/user/alice/jobs", { user: "bob" });
    const to = response.headers.get("location") ?? "";
    assertEquals(to, "/runs?backend=autopkgtest&owner=alice");
    const { html } = await readPage({ app }, to, "bob");
    assertStringIncludes(html, "curl");
    assertEquals(html.includes("barrel"), false);
  }],
  [76, "/user leads to the reader's own page", async (app) => {
    for (const path of ["/user", "/user/"]) {
      const response = await app.request(path, { user: "alice" });
      assertEquals(response.headers.get("location"), "/user/alice");
    }
    const other = await app.request("/user/bob", { user: "alice" });
    assertEquals(other.headers.get("location"), "/user/bob/jobs");
    const page = await readPage({ app }, "/user/alice", "alice");
    assertStringIncludes(page.text, "Package tests of alice");
  }],
  [77, "pages follow each other, newest first, without a gap", async (app) => {
    const many = Array.from({ length: 120 }, (_, at) => ({
      package: `pkg${at}`,
    }));
    await postTests(app, many);
    const seen: string[] = [];
    let query: string | undefined = "";
    for (let pages = 0; query !== undefined && pages < 5; pages++) {
      const path = `/user/alice/jobs${query}`;
      const page = await readPage({ app }, path, "alice");
      seen.push(
        ...[...page.document.querySelectorAll('td[data-label="Package"] bdi')]
          .map(({ textContent }) => textContent),
      );
      query = page.document.querySelector('a[rel="next"]')?.getAttribute("href")
        ?.split("jobs")[1];
    }
    assertEquals(seen, many.map(({ package: name }) => name).toReversed());
  }],
]);
