import { assertEquals, assertStringIncludes } from "@std/assert";
import { podSettings, settingsFault } from "./settings.ts";

Deno.test("without settings nothing local is cloned, nothing is masked, and there is no network", () => {
  assertEquals(podSettings({ env: {} }), {
    gitRoots: [],
    secrets: [],
    rootfs: null,
    network: "none",
  });
  assertEquals(settingsFault({ env: {} }), null);
});

Deno.test("settings are read", () => {
  const env = {
    SLIPWAY_GIT_ROOTS: "/srv/git:/home/git:",
    SLIPWAY_MASK: "TOKEN, PASSWORD",
    TOKEN: "abcd",
    PASSWORD: "secret",
    SLIPWAY_ROOTFS: "/srv/rootfs",
    SLIPWAY_NETWORK: "host",
  };
  assertEquals(podSettings({ env }), {
    gitRoots: ["/srv/git", "/home/git"],
    secrets: ["abcd", "secret"],
    rootfs: "/srv/rootfs",
    network: "host",
  });
  assertEquals(settingsFault({ env }), null);
});

const faulty = [
  { SLIPWAY_GIT_ROOTS: "/a:b" },
  { SLIPWAY_MASK: "UNSET" },
  { SLIPWAY_MASK: "SHORT", SHORT: " abc " },
  { SLIPWAY_NETWORK: "--privileged" },
];

for (const env of faulty) {
  Deno.test(`an executor is not ready with ${JSON.stringify(env)}`, () => {
    const [[name = ""] = []] = Object.entries(env);
    assertStringIncludes(settingsFault({ env }) ?? "", name);
  });
}
