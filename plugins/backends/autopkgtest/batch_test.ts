import { assertEquals } from "@std/assert";
import type { TestApp } from "../../../tests/app.ts";
import {
  answer,
  post,
  runIds,
  several,
  startDebci,
  stored,
} from "../../../tests/debci_requests.ts";

const batch = "/api/v1/test/batch";

function askJson(app: TestApp, path: string, tests: unknown) {
  return app.request(path, {
    method: "POST",
    user: "alice",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ tests: JSON.stringify(tests), priority: "8" }),
  });
}

Deno.test("a batch makes its tests in every suite and on every architecture, in the order that is documented", async () => {
  await using app = await startDebci();
  const response = await askJson(app, batch, [
    {
      suite: "unstable",
      arch: ["amd64", "arm64", "amd64"],
      tests: [{ package: "bash", trigger: "b/1" }, { package: "rejectedpkg" }],
    },
    { suite: "testing", arch: ["arm64"], tests: [{ package: "dash" }] },
  ]);
  assertEquals([response.status, await runIds(response)], [201, [
    1,
    2,
    3,
    4,
    5,
  ]]);
  assertEquals(
    (await stored(app)).map((run) => [
      run.job,
      run.request.suite,
      run.request.arch,
      run.priority,
      run.state,
    ]),
    [
      ["bash", "unstable", "amd64", 8, "queued"],
      ["rejectedpkg", "unstable", "amd64", 8, "failed"],
      ["bash", "unstable", "arm64", 8, "queued"],
      ["rejectedpkg", "unstable", "arm64", 8, "failed"],
      ["dash", "testing", "arm64", 8, "queued"],
    ],
  );
});

Deno.test("of a batch with a faulty test nothing is stored, and the fault is told by both indices", async () => {
  await using app = await startDebci();
  const response = await askJson(app, batch, [
    { suite: "unstable", arch: ["amd64"], tests: [{ package: "bash" }] },
    {
      suite: "testing",
      arch: ["amd64"],
      tests: [{ package: "a+" }, { package: "B", "pin-packages": [["x"]] }],
    },
  ]);
  const [status, text] = await answer(response);
  const place = "at request index 1 and test index 1";
  const faults = [
    `Invalid package name ${place}`,
    `Invalid value for pin-packages ${place}: each list takes packages and, as its last item, their suite`,
  ];
  assertEquals([status, JSON.parse(text)], [400, {
    error: `Error: ${faults.join("\n")}`,
    items: faults.map((fault) => ({
      request: 1,
      index: 1,
      package: "B",
      fault,
    })),
  }]);
  assertEquals(await stored(app), []);
});

Deno.test("who accepts JSON is told every faulty test of a list by its index", async () => {
  await using app = await startDebci();
  const response = await askJson(app, several, [
    { package: "good" },
    { package: "Bad" },
    { package: "good", is_private: "x" },
  ]);
  const faults = [
    "Invalid package name: Bad",
    "Invalid value for bool parameter is_private for package: good",
  ];
  const [status, text] = await answer(response);
  assertEquals([status, JSON.parse(text)], [400, {
    error: `Invalid request: ${faults.join("\n")}`,
    items: [
      { index: 1, package: "Bad", fault: faults[0] },
      { index: 2, package: "good", fault: faults[1] },
    ],
  }]);
  assertEquals(response.headers.get("auth-user"), "alice");
});

const strange = [
  null,
  [],
  [{}],
  {},
  [null],
  ["x"],
  [{ suite: 1, arch: "amd64", tests: {} }],
  [{ suite: "unstable", arch: [null], tests: [null, 1, []] }],
];

for (const tests of strange) {
  Deno.test(`a batch of ${JSON.stringify(tests)} is refused in words or empty`, async () => {
    await using app = await startDebci();
    const [status, text] = await answer(
      post(app, batch, { tests: JSON.stringify(tests) }),
    );
    const isEmpty = JSON.stringify(tests) === "[]";
    assertEquals(status, isEmpty ? 201 : 400);
    assertEquals(text.startsWith("Error: "), !isEmpty);
    assertEquals(await stored(app), []);
  });
}
