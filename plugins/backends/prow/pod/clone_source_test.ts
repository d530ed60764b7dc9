import { assertEquals, assertMatch } from "@std/assert";
import { cloneSource, cloneUrl } from "./clone_source.ts";
import { makeFolder } from "../../../../tests/pod.ts";

Deno.test("cloneUrl() is clone_uri, else the link's, else GitHub's", () => {
  const refs = { org: "o", repo: "r" };
  assertEquals(cloneUrl(refs), "https://github.com/o/r.git");
  assertEquals(
    cloneUrl({ ...refs, repo_link: "https://host/o/r" }),
    "https://host/o/r.git",
  );
  assertEquals(cloneUrl({ ...refs, clone_uri: "ssh://h/r" }), "ssh://h/r");
  assertEquals(
    cloneUrl({ org: "https://host/x", repo: "r" }),
    "https://host/x/r",
  );
});

const remote = [
  "https://github.com/o/r.git",
  "https://user:token@host:8443/r",
  "https://[::1]/r",
  "ssh://git@host:2222/r.git",
  "git@github.com:o/r.git",
  "host.example.org:r",
];

const refused = [
  "",
  "http://host/r",
  "git://host/r",
  "ftp://host/r",
  "ext::sh",
  "host::path",
  "-oProxyCommand=x",
  "ssh://-oProxyCommand=x/r",
  "ssh://-x@host/r",
  "-x@host:r",
  "host:-r",
  "https://",
  "HTTPS://host/r",
  "https://host/a b",
  "https://host/\u0000",
  "relative/folder",
  "../up",
  "file://host/r",
  "file:///%zz",
];

Deno.test("only https and ssh are remote", async () => {
  for (const url of remote) {
    assertEquals(await cloneSource(url, []), { url, isLocal: false });
  }
  for (const url of refused) {
    const source = await cloneSource(url, ["/"]);
    assertMatch(
      "fault" in source ? source.fault : url,
      /^(it must|only https|it is not a folder)/,
    );
  }
});

Deno.test("a local repository is below a folder of the operator's, links followed", async () => {
  await using folder = await makeFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/allowed/r`, { recursive: true });
  await Deno.mkdir(`${path}/allowed-not/r`, { recursive: true });
  await Deno.writeTextFile(`${path}/allowed/file`, "");
  await Deno.symlink(`${path}/allowed-not/r`, `${path}/allowed/out`);
  const judge = async (url: string) =>
    "url" in await cloneSource(url, [`${path}/gone`, `${path}/allowed`]);
  assertEquals(await judge(`${path}/allowed/r`), true);
  assertEquals(await judge(`file://${path}/allowed/r`), true);
  assertEquals(await judge(`file://${path}/allowed/%72`), true);
  const outside = [
    "allowed-not/r",
    "allowed/../allowed-not/r",
    "allowed/out",
    "allowed/file",
    "allowed/gone",
    "gone",
  ];
  for (const each of outside) {
    assertEquals(await judge(`${path}/${each}`), false);
  }
});
