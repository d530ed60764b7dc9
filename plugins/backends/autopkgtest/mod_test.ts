import { assertEquals } from "@std/assert";
import { startTestApp } from "../../../tests/app.ts";
import { testBackend } from "../../../tests/conformance/backend.ts";
import autopkgtest from "./mod.ts";

const several = "http://slipway.test/api/v1/test/unstable/amd64";

function post(url: string, fields: Record<string, string> = {}): Request {
  return new Request(url, {
    method: "POST",
    body: new URLSearchParams(fields),
  });
}

function upload(text: string): Request {
  const body = new FormData();
  body.append("tests", new File([text], "tests.json"));
  return new Request(several, { method: "POST", body });
}

function batch(...requests: unknown[]): Request {
  const fields = { tests: JSON.stringify(requests) };
  return post("http://slipway.test/api/v1/test/batch", fields);
}

function tests(...items: unknown[]): Request {
  return post(several, { tests: JSON.stringify(items) });
}

testBackend("autopkgtest", autopkgtest(), {
  publicPaths: [
    "/api",
    "/api/",
    "/api/doc",
    "/data/autopkgtest/*",
    "/data/status/*",
    "/data/packages/*",
    "/data/feeds/*",
  ],
  valid: [
    post(`${several}/hello-slipway`),
    post(`${several}/libstdc++`, { priority: "10", is_private: "false" }),
    tests({ package: "foo", trigger: 5, is_private: null }, { package: "bar" }),
    upload('[{"package": "foo", "pin-packages": [["src:foo", "testing"]]}]'),
    batch({ suite: "stable", arch: ["arm64"], tests: [{ package: "foo" }] }),
  ],
  invalid: [
    post(`${several}/foo=bar`),
    post(`${several}/f`),
    post(`${several}/..%2F..%2Fetc`),
    post(`${several}/${"a".repeat(129)}`),
    post(`${several}/foo`, { priority: "11" }),
    post(`${several}/foo`, { is_private: "1" }),
    post(`${several}/foo`, { extra_apt_sources: '["nosuch"]' }),
    post("http://slipway.test/api/v1/test/nosuch/amd64/foo"),
    post("http://slipway.test/api/v1/test/unstable/z80/foo"),
    post(several),
    upload("[{"),
    upload("{}"),
    tests({ package: "foo" }, null),
    tests({ package: "foo" }, { package: "bar", trigger: {} }),
    tests({ package: "foo" }, { package: "bar", "extra-apt-sources": "x" }),
    tests({ package: "foo" }, { package: "bar", "pin-packages": [["src:x"]] }),
    batch(
      { suite: "stable", arch: ["arm64"], tests: [{ package: "foo" }] },
      { suite: "stable", arch: ["z80"], tests: [{ package: "foo" }] },
    ),
    post("http://slipway.test/api/v1/retry/1"),
    new Request("http://slipway.test/api/v1/test?since=yesterday"),
    new Request("http://slipway.test/api/v1/test?since[]=1"),
  ],
});

Deno.test("a run is described by what was asked for and what was tested", async () => {
  const backend = autopkgtest();
  await using app = await startTestApp([backend]);
  await app.request(several, {
    method: "POST",
    user: "alice",
    body: tests({
      package: "foo",
      trigger: "bar/1",
      "pin-packages": [["src:bar", "testing"]],
    }).body,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const [run] = await app.app.store.runs.list({});
  assertEquals(run && backend.describe(run), {
    title: "foo in unstable on amd64",
    facts: [
      { name: "Suite", value: "unstable" },
      { name: "Architecture", value: "amd64" },
      { name: "Trigger", value: "bar/1" },
      { name: "Pinned packages", value: "src:bar testing" },
    ],
    links: [{ name: "Log", href: `/v1/runs/${run?.id}/log` }],
  });
});
