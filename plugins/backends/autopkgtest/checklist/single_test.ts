import { assertEquals } from "@std/assert";
import type { TestApp } from "../../../../tests/app.ts";
import {
  answer,
  checkLines,
  post,
  runIds,
  several,
  stored,
} from "../../../../tests/debci_requests.ts";

async function refuses(
  app: TestApp,
  path: string,
  fields: Readonly<Record<string, string>>,
  text: string,
) {
  assertEquals(await answer(post(app, path, fields)), [400, text]);
  assertEquals(await stored(app), []);
}

async function priorities(app: TestApp): Promise<number[]> {
  return (await stored(app)).map((run) => run.priority);
}

checkLines([
  [6, "a test is stored as asked for and waits", async (app) => {
    assertEquals(await answer(post(app, `${several}/bash`)), [201, ""]);
    const [run] = await stored(app);
    assertEquals(
      [
        run?.job,
        run?.request.suite,
        run?.request.arch,
        run?.owner.name,
        run?.state,
      ],
      ["bash", "unstable", "amd64", "alice", "queued"],
    );
  }],
  [7, "the priority is handed on", async (app) => {
    await post(app, `${several}/bash`, { priority: "10" });
    await post(app, `${several}/bash?priority=1`);
    assertEquals(await priorities(app), [10, 1]);
  }],
  [
    8,
    "a package on the reject list is 400, also by pattern and by place",
    async (app) => {
      for (const name of ["rejectedpkg", "halfrejected", "globrej-foo"]) {
        const text = `RejectListed package: ${name}\n`;
        await refuses(app, `${several}/${name}`, {}, text);
      }
      const elsewhere = post(app, "/api/v1/test/testing/arm64/verrejected");
      assertEquals(await answer(elsewhere), [201, ""]);
    },
  ],
  [
    9,
    "a bad name is 400 and nothing is stored",
    (app) =>
      refuses(app, `${several}/foo=bar`, {}, "Invalid package name: foo=bar\n"),
  ],
  [
    10,
    "an unknown architecture is 400",
    (app) =>
      refuses(
        app,
        "/api/v1/test/unstable/z80/bash",
        {},
        "Invalid architecture: z80\n",
      ),
  ],
  [
    11,
    "an unknown suite is 400",
    (app) =>
      refuses(
        app,
        "/api/v1/test/nosuch/amd64/bash",
        {},
        "Invalid suite: nosuch\n",
      ),
  ],
  [12, "a priority that is not 1 to 10 is 400", async (app) => {
    for (
      const [sent, read] of [["0", 0], ["11", 11], ["-1", -1], ["abc", 0], [
        "",
        0,
      ]]
    ) {
      const fields = { priority: String(sent) };
      await refuses(
        app,
        `${several}/bash`,
        fields,
        `Invalid priority: ${read}\n`,
      );
    }
  }],
  [
    13,
    "architecture, suite and priority are looked at in this order",
    async (app) => {
      const fields = { priority: "11" };
      await refuses(
        app,
        "/api/v1/test/no/z80/bash",
        fields,
        "Invalid architecture: z80\n",
      );
      await refuses(
        app,
        "/api/v1/test/no/amd64/bash",
        fields,
        "Invalid suite: no\n",
      );
      await refuses(
        app,
        `${several}/rejectedpkg`,
        fields,
        "Invalid priority: 11\n",
      );
    },
  ],
  [14, "the priority is 5 when nobody says another", async (app) => {
    await post(app, `${several}/bash`);
    assertEquals(await priorities(app), [5]);
  }],
  [15, "is_private is true or false and nothing else", async (app) => {
    for (const is_private of ["1", "yes", "", "True"]) {
      const text =
        "Invalid value for bool parameter is_private for package: bash\n";
      await refuses(app, `${several}/bash`, { is_private }, text);
    }
    await post(app, `${several}/bash`, { is_private: "true" });
    await post(app, `${several}/bash`, { is_private: "false" });
    assertEquals((await stored(app)).map((run) => run.isPrivate), [
      true,
      false,
    ]);
  }],
  [
    16,
    "extra_apt_sources is a JSON text of a list of names, in both spellings",
    async (app) => {
      await refuses(
        app,
        `${several}/bash`,
        { extra_apt_sources: "open" },
        "Invalid JSON: 859: unexpected token at 'open'",
      );
      await refuses(
        app,
        `${several}/bash`,
        { extra_apt_sources: '["open", "a", "b"]' },
        "Invalid extra apt sources: a, b",
      );
      for (const name of ["extra_apt_sources", "extra-apt-sources"]) {
        await post(app, `${several}/bash`, { [name]: '["open"]' });
      }
      assertEquals(
        (await stored(app)).map((run) => run.request.extra_apt_sources),
        [["open"], ["open"]],
      );
    },
  ],
  [
    17,
    "a restricted source is refused to others as if there were none",
    async (app) => {
      const ask = (name: string, user: string) =>
        post(
          app,
          `${several}/bash`,
          { extra_apt_sources: `["${name}"]` },
          user,
        );
      for (const name of ["bobs", "teams", "nosuch"]) {
        const text = `Invalid extra apt sources: ${name}`;
        assertEquals(await answer(ask(name, "alice")), [400, text]);
      }
      assertEquals(await answer(ask("bobs", "bob")), [201, ""]);
    },
  ],
  [18, "a plus in a name is taken as it is and encoded", async (app) => {
    await post(app, `${several}/g++`);
    await post(app, `${several}/libstdc%2B%2B`);
    assertEquals((await stored(app)).map((run) => run.job), [
      "g++",
      "libstdc++",
    ]);
  }],
  [19, "the same request twice is two tests", async (app) => {
    const ids = [];
    for (const _ of [1, 2]) {
      const response = await app.request(`${several}/bash`, {
        method: "POST",
        user: "alice",
        headers: { accept: "application/json" },
      });
      assertEquals(response.status, 201);
      ids.push(...await runIds(response));
    }
    assertEquals((await stored(app)).map((run) => run.number), ids);
    assertEquals(new Set(ids).size, 2);
  }],
  [20, "names of packages are taken", async (app) => {
    const names = [
      "foo",
      "foo-bar",
      "foo.bar",
      "foo+",
      "foo-1.0",
      "libfoo++",
      "0ad",
    ];
    for (const name of names) {
      assertEquals(await answer(post(app, `${several}/${name}`)), [201, ""]);
    }
    assertEquals((await stored(app)).map((run) => run.job), names);
  }],
  [
    21,
    "what a shell or apt would take for something else is refused",
    async (app) => {
      for (
        const name of [
          "foo=bar",
          "foo~bar",
          "`ls`",
          "$(ls)",
          "--foo",
          "foo\n$(id)",
        ]
      ) {
        const path = `${several}/${encodeURIComponent(name)}`;
        await refuses(app, path, {}, `Invalid package name: ${name}\n`);
      }
    },
  ],
  [22, "one character and capitals are no name", async (app) => {
    for (const name of ["a", "Foo"]) {
      await refuses(
        app,
        `${several}/${name}`,
        {},
        `Invalid package name: ${name}\n`,
      );
    }
  }],
]);
