import { assert, assertEquals } from "@std/assert";
import { taskSchema } from "../task.ts";
import {
  answer,
  checkLines,
  postTests,
  several,
  stored,
} from "../../../../tests/debci_requests.ts";

const packages = (names: readonly string[]) =>
  names.map((name) => ({ package: name }));

checkLines([
  [23, "all tests of a list are stored", async (app) => {
    const tests = packages(["bash", "dash", "zsh"]);
    assertEquals(await answer(postTests(app, tests)), [201, ""]);
    assertEquals(
      (await stored(app)).map((run) => [run.job, run.state]),
      [["bash", "queued"], ["dash", "queued"], ["zsh", "queued"]],
    );
  }],
  [
    24,
    "an unknown architecture or suite is 400, and nothing is queued",
    async (app) => {
      const ask = (target: string) =>
        answer(postTests(app, packages(["bash"]), `/api/v1/test/${target}`));
      assertEquals(await ask("no/z80"), [400, "Invalid architecture: z80\n"]);
      assertEquals(await ask("no/amd64"), [400, "Invalid suite: no\n"]);
      assertEquals(await stored(app), []);
    },
  ],
  [
    25,
    "a rejected package is stored as failed and not queued, the others are",
    async (app) => {
      const tests = packages(["bash", "rejectedpkg", "globrej-x", "dash"]);
      assertEquals(await answer(postTests(app, tests)), [201, ""]);
      assertEquals(
        (await stored(app)).map((run) => [
          run.job,
          run.state,
          run.finishedAt === null ? null : "over",
          run.startedAt,
        ]),
        [
          ["bash", "queued", null, null],
          ["rejectedpkg", "failed", "over", null],
          ["globrej-x", "failed", "over", null],
          ["dash", "queued", null, null],
        ],
      );
    },
  ],
  [26, "one bad name refuses the whole list", async (app) => {
    const tests = packages(["bash", "foo=bar"]);
    assertEquals(await answer(postTests(app, tests)), [
      400,
      "Invalid request: Invalid package name: foo=bar",
    ]);
    assertEquals(await stored(app), []);
  }],
  [27, "what is no JSON is 400", async (app) => {
    const body = new URLSearchParams({ tests: "not json" });
    const response = app.request(several, { method: "POST", user: "a", body });
    assertEquals(await answer(response), [
      400,
      "Invalid JSON: 859: unexpected token at 'not json'",
    ]);
  }],
  [28, "trigger and pins are stored as they were sent", async (app) => {
    const given = [["src:foo,bar", "testing"], ["src:baz", "qux", "stable"]];
    await postTests(app, [
      { package: "bash", trigger: "foo/1.0 bar/2", "pin-packages": given },
    ]);
    const [run] = await stored(app);
    assertEquals(run?.request.trigger, "foo/1.0 bar/2");
    assertEquals(run?.request.pin_packages, given);
  }],
  [29, "an uploaded file is as good as a field", async (app) => {
    for (const value of ["[]", '[{"package":"bash","trigger":"x"}]']) {
      const body = new FormData();
      body.append("tests", new File([value], "tests.json"));
      const response = app.request(several, {
        method: "POST",
        user: "a",
        body,
      });
      assertEquals(await answer(response), [201, ""]);
    }
    const [run, ...others] = await stored(app);
    assertEquals([run?.job, run?.request.trigger], ["bash", "x"]);
    assertEquals(others, []);
  }],
  [30, "nobody ever sees a part of a list", async (app) => {
    const asked = postTests(app, packages(Array(2000).fill("bash")));
    const seen = new Set<number>();
    let isOver = false;
    const ended = asked.finally(() => isOver = true);
    while (!isOver) {
      seen.add((await stored(app)).length);
      // A database in memory answers at once; the request wants its turns too.
      await new Promise((resolve) => setTimeout(resolve));
    }
    assertEquals((await ended).status, 201);
    seen.add((await stored(app)).length);
    assertEquals([...seen].filter((count) => ![0, 2000].includes(count)), []);
    assert(seen.has(2000));
  }],
  [31, "the texts of all faults stand on lines of their own", async (app) => {
    const tests = [
      { package: "Foo", is_private: "true" },
      { package: "bash", "extra-apt-sources": ["a", "open", "b"] },
    ];
    assertEquals(await answer(postTests(app, tests)), [
      400,
      [
        "Invalid request: Invalid package name: Foo",
        "Invalid value for bool parameter is_private for package: Foo",
        "Invalid value for extra_apt_sources: a, b",
      ].join("\n"),
    ]);
  }],
  [32, "an empty list is 201", async (app) => {
    assertEquals(await answer(postTests(app, [])), [201, ""]);
    assertEquals(await stored(app), []);
  }],
  [33, "is_private is a JSON boolean or null", async (app) => {
    const ask = (is_private: unknown) =>
      answer(postTests(app, [{ package: "bash", is_private }]));
    assertEquals((await ask("true"))[0], 400);
    for (const value of [null, true, false]) {
      assertEquals(await ask(value), [201, ""]);
    }
    assertEquals(
      (await stored(app)).map((run) => run.isPrivate),
      [false, true, false],
    );
  }],
  [
    34,
    "the keys of a test have dashes; with underscores they are not known",
    async (app) => {
      await postTests(app, [{
        package: "bash",
        extra_apt_sources: ["nosuch"],
        pin_packages: "x",
      }, { package: "dash", "extra-apt-sources": ["open"] }]);
      assertEquals(
        (await stored(app)).map((run) => run.request.extra_apt_sources),
        [[], ["open"]],
      );
    },
  ],
  [35, "a number is taken as a trigger's text", async (app) => {
    await postTests(app, [{ package: "bash", trigger: 42 }]);
    assertEquals((await stored(app))[0]?.request.trigger, "42");
  }],
  [36, "5,000 tests are taken in one request", async (app) => {
    const tests = Array.from({ length: 5000 }, (_, at) => ({
      package: `package${at % 2500}`,
      trigger: `glibc/2.4${at}`,
      "pin-packages": [["src:glibc", "unstable"]],
    }));
    assertEquals(await answer(postTests(app, tests)), [201, ""]);
    const runs = await stored(app);
    assertEquals(runs.length, 5000);
    assertEquals(runs[4999]?.request.trigger, "glibc/2.44999");
    const ids = runs.map((run) => run.request.package_id);
    assertEquals(ids[0], ids[2500]);
    assertEquals(new Set(ids).size, 2500);
  }],
  [
    83,
    "a trigger comes back as it was sent, and reaches no command",
    async (app) => {
      const trigger = "a b/1 é ü `id` $(id) \\ ; \n --x=y";
      await postTests(app, [{ package: "bash", trigger }]);
      const [run] = await stored(app);
      assertEquals(run?.request.trigger, trigger);
      assertEquals(JSON.stringify(run?.task).includes("id"), false);
      const listed = await app.request("/api/v1/test", { user: "alice" });
      assertEquals(JSON.parse(await listed.text()).results[0].trigger, trigger);
    },
  ],
  [
    84,
    "several pins reach the runner, those of one list together",
    async (app) => {
      await postTests(app, [{
        package: "bash",
        "pin-packages": [["src:foo", "src:bar,baz", "testing"], [
          "qux",
          "stable",
        ]],
      }]);
      const [run] = await stored(app);
      assertEquals(taskSchema.parse(run?.task).pins, [
        { suite: "testing", packages: ["src:foo", "src:bar", "baz"] },
        { suite: "stable", packages: ["qux"] },
      ]);
    },
  ],
]);
