/** What is not cloned, and how that is told. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { commands, startCloning } from "../../../../tests/clone_world.ts";
import { TestRepository } from "../../../../tests/git_repository.ts";
import type { Refs } from "../refs.ts";

const missing = "1".repeat(40);

const lost: readonly (readonly [string, Partial<Refs>, RegExp])[] = [
  [
    "a commit",
    { base_sha: missing },
    /the base is not in .*: .*not our ref 1+$/,
  ],
  [
    "a commit that is on no server because it is none",
    { base_sha: "not-hex" },
    /the base is not in .*: couldn't find remote ref not-hex$/,
  ],
  [
    "a branch",
    { base_sha: "", base_ref: "gone" },
    /the base is not in .*: couldn't find remote ref gone$/,
  ],
  [
    "a pull",
    { pulls: [{ number: 9, author: "a", sha: missing }] },
    /pull 9 is not in .*: couldn't find remote ref refs\/pull\/9\/head$/,
  ],
];

for (const [name, change, fault] of lost) {
  Deno.test(`${name} that the repository does not have is a fault that says so`, async () => {
    await using world = await startCloning();
    const record = await world.clone({ ...world.refs, ...change });
    assertMatch(record.fault ?? "", fault);
  });
}

Deno.test("a submodule from elsewhere on this machine is refused, with its name", async () => {
  await using world = await startCloning();
  const { repository, refs, path } = world;
  const secret = await TestRepository.make(`${path}/private/secret`);
  await repository.git("submodule", "add", "--quiet", secret.path, "lib");
  const base_sha = await repository.commit({});
  const record = await world.clone({ ...refs, base_sha });
  assertEquals(
    record.fault,
    `Cannot clone o/app: its submodule lib comes from ${secret.path}: it is not a folder that this runner may clone from; SLIPWAY_GIT_ROOTS names those`,
  );
  assertEquals(
    [...Deno.readDirSync(`${path}/go/src/github.com/o/app/lib`)],
    [],
  );
});

Deno.test("a submodule whose folder would be elsewhere is left out", async () => {
  await using world = await startCloning();
  const { repository, refs } = world;
  const base_sha = await repository.commit({
    ".gitmodules":
      `[submodule "x"]\n\tpath = ../../../..\n\turl = ${repository.path}\n`,
  });
  const record = await world.clone({ ...refs, base_sha });
  assertEquals(record.fault, null);
  assert(!commands(record).includes("submodule"));
});

const names: readonly (readonly [string, Partial<Refs>, string])[] = [
  ["a branch", { base_ref: "--upload-pack=touch /tmp/x" }, "base_ref is"],
  ["a commit", { base_sha: "--all" }, "base_sha is"],
  [
    "a pull's ref",
    { pulls: [{ number: 1, author: "", sha: "a", ref: "+a:refs/heads/main" }] },
    "the ref of pull 1 is",
  ],
  ["a path", { path_alias: "../../../etc" }, "cannot be its folder"],
  ["a place", { path_alias: "a/.git/hooks" }, "must not be in a .git folder"],
  ["a URL", { clone_uri: "--upload-pack=x" }, "begin with -"],
  ["a helper", { clone_uri: "ext::sh -c date" }, "spaces"],
  [
    "plain text",
    { clone_uri: "http://example.org/a.git" },
    "only https and ssh",
  ],
  ["a folder", { clone_uri: "/etc" }, "not a folder that this runner may"],
];

for (const [name, change, reason] of names) {
  Deno.test(`${name} that could do harm is refused: ${JSON.stringify(change)}`, async () => {
    await using world = await startCloning();
    const record = await world.clone({ ...world.refs, ...change });
    assertStringIncludes(record.fault ?? "", reason);
    assert(!commands(record).includes("fetch"));
  });
}
