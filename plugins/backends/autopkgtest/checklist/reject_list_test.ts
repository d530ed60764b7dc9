import { assertEquals } from "@std/assert";
import { RejectList } from "../reject_list.ts";
import { parseRejectList } from "../reject_list_file.ts";
import {
  answer,
  checkLines,
  post,
  reject,
  several,
} from "../../../../tests/debci_requests.ts";

const places = {
  suites: ["unstable", "testing"],
  architectures: ["amd64", "arm64"],
};

function listOf(text: string): RejectList {
  return new RejectList(parseRejectList(text).entries, places);
}

const amd64 = { suite: "unstable", arch: "amd64" };

/** What the list says, whether a package there is rejected, and what it is asked. */
const questions = [
  ["foo", true, { package: "foo" }],
  ["foo", true, { package: "foo", ...amd64, version: "1.0" }],
  ["foo", false, { package: "food" }],
  ["foo unstable", true, { package: "foo", suite: "unstable" }],
  ["foo unstable", true, { package: "foo", ...amd64 }],
  ["foo unstable", false, { package: "foo", suite: "testing" }],
  ["foo unstable", false, { package: "foo" }],
  ["foo unstable\nfoo testing", true, { package: "foo" }],
  ["foo unstable\nfoo testing amd64", false, { package: "foo" }],
  ["foo unstable\nfoo testing amd64\nfoo testing arm64", true, {
    package: "foo",
  }],
  ["foo unstable amd64", true, { package: "foo", ...amd64 }],
  ["foo unstable amd64", false, { package: "foo", suite: "unstable" }],
  ["foo unstable amd64", false, {
    package: "foo",
    suite: "unstable",
    arch: "arm64",
  }],
  ["foo * amd64", true, { package: "foo", arch: "amd64" }],
  ["foo * * 1.0", true, { package: "foo", ...amd64, version: "1.0" }],
  ["foo * * 1.0", false, { package: "foo", ...amd64, version: "1.1" }],
  ["foo * * 1.0", false, { package: "foo", ...amd64 }],
  ["foo-*", true, { package: "foo-bar", ...amd64 }],
  ["foo-*", false, { package: "foo", ...amd64 }],
  ["lib[a-c]?d", true, { package: "libbxd", ...amd64 }],
  ["lib[!a-c]?d", false, { package: "libbxd", ...amd64 }],
  ["* * *", true, { package: "anything" }],
  ["* unstable *", true, { package: "anything", suite: "unstable" }],
] as const;

checkLines([
  [78, "without a list nothing is rejected", async (app) => {
    await reject(app, "");
    const list = await app.request("/api/v1/reject_list", { user: "alice" });
    assertEquals(await answer(list), [200, "{}"]);
    const taken = post(app, `${several}/rejectedpkg`);
    assertEquals(await answer(taken), [201, ""]);
  }],
  [80, "the comments above an entry are its reason", async (app) => {
    await reject(
      app,
      "# one, see https://bugs.test/1?a=b&c\n#two <b>\n\nfoo unstable amd64 1.0\nbar unstable amd64\n",
    );
    const list = await app.request("/api/v1/reject_list", { user: "alice" });
    assertEquals(JSON.parse(await list.text()), {
      foo: {
        unstable: {
          amd64: {
            "1.0":
              'one, see <a href="https://bugs.test/1?a=b&amp;c">https://bugs.test/1?a=b&amp;c</a>\ntwo &lt;b&gt;\n',
          },
        },
      },
      bar: { unstable: { amd64: { "*": "" } } },
    });
  }],
]);

for (const [text, isRejected, question] of questions) {
  const asked = Object.values(question).join(" ");
  Deno.test(`debci 79: "${text.replaceAll("\n", "; ")}" ${isRejected ? "rejects" : "lets through"} "${asked}"`, () => {
    assertEquals(listOf(text).isRejected(question), isRejected);
  });
}

Deno.test("debci 81: no package at all is not rejected", () => {
  assertEquals(listOf("* * *").isRejected({ package: null }), false);
});
