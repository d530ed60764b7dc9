/** Clones with the real git, from repositories that the tests make. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Refs } from "../refs.ts";
import { clone } from "./clone.ts";
import type { CloneRecord } from "./clone_record.ts";
import { gitEnvironment } from "./git.ts";
import { git, TestRepository } from "../../../../tests/git_repository.ts";
import { hostWith, makeFolder } from "../../../../tests/pod.ts";

/** A repository below a folder that may be cloned from, and a GOPATH. */
async function start() {
  const folder = await makeFolder();
  const { path } = folder;
  const repository = await TestRepository.make(`${path}/allowed/app`);
  const head = await repository.git("rev-parse", "HEAD");
  const roots = [`${path}/allowed`];
  return {
    repository,
    path,
    refs: {
      org: "o",
      repo: "app",
      base_ref: "main",
      base_sha: head,
      clone_uri: repository.path,
    } satisfies Refs,
    clone: (refs: Refs, allowed = roots) =>
      clone(refs, {
        env: gitEnvironment(hostWith().env, allowed),
        roots: allowed,
        gopath: { host: `${path}/go`, shown: "/home/prow/go" },
        signal: new AbortController().signal,
        now: Date.now,
        mask: (text) => text,
      }),
    read: (file: string) => Deno.readTextFile(`${path}/go/src/${file}`),
    ask: (place: string, ...args: string[]) =>
      git(`${path}/go/src/${place}`, args),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function commands({ commands }: CloneRecord): string {
  return commands.map(({ command }) => command).join("\n");
}

Deno.test("a repository is at its base, on the branch, in its place below GOPATH", async () => {
  await using world = await start();
  const { repository, refs } = world;
  await repository.commit({ "README.md": "later\n" });
  const record = await world.clone(refs);
  assertEquals(record.fault, null);
  assertEquals(record.finalSha, refs.base_sha);
  const place = "github.com/o/app";
  assertEquals(await world.read(`${place}/README.md`), "hello\n");
  assertEquals(await world.ask(place, "branch", "--show-current"), "main");
  assertMatch(
    commands(record),
    /^PWD=\/home\/prow\/go\/src\/github.com\/o\/app git init$/m,
  );
});

Deno.test("without base_sha it is the newest commit of the branch", async () => {
  await using world = await start();
  const newest = await world.repository.commit({ "README.md": "later\n" });
  const { base_sha: _, ...refs } = world.refs;
  assertEquals((await world.clone(refs)).finalSha, newest);
});

Deno.test("pulls are merged in order, and the same refs always give the same commit", async () => {
  await using world = await start();
  const { repository, refs } = world;
  const pulls = [
    { number: 1, author: "a", sha: await repository.pull(1, { one: "1" }) },
    { number: 2, author: "b", sha: await repository.pull(2, { two: "2" }) },
  ];
  const first = await world.clone({ ...refs, pulls });
  assertEquals(first.fault, null);
  const again = await world.clone({ ...refs, pulls, path_alias: "again" });
  assertEquals(again.finalSha, first.finalSha);
  assertEquals(
    await world.read("again/one") + await world.read("again/two"),
    "12",
  );
  const log = await world.ask(
    "again",
    "log",
    "--first-parent",
    "--format=%s %an %P",
  );
  const [second, merge, base] = log.split("\n");
  assertMatch(second ?? "", RegExp(`^merge ci-robot \\w+ ${pulls[1]?.sha}$`));
  assertEquals(merge, `merge ci-robot ${refs.base_sha} ${pulls[0]?.sha}`);
  assertEquals(base, "change A");
});

Deno.test("a pull that has moved on is merged at the commit that was asked for", async () => {
  await using world = await start();
  const { repository, refs } = world;
  const sha = await repository.pull(1, { one: "old" });
  await repository.pull(1, { one: "new" });
  const pulls = [{ number: 1, author: "a", sha }];
  assertEquals((await world.clone({ ...refs, pulls })).fault, null);
  assertEquals(await world.read("github.com/o/app/one"), "old");
});

Deno.test("a pull is fetched by its ref where it has one", async () => {
  await using world = await start();
  const { repository, refs } = world;
  const sha = await repository.pull(1, { one: "1" });
  await repository.git("update-ref", "refs/changes/07/7/1", sha);
  const pulls = [{ number: 7, author: "a", sha, ref: "refs/changes/07/7/1" }];
  const record = await world.clone({ ...refs, pulls });
  assertEquals(record.fault, null);
  assertStringIncludes(
    commands(record),
    `${repository.path} refs/changes/07/7/1`,
  );
});

Deno.test("a conflict names the pull and the file, and the record has failed", async () => {
  await using world = await start();
  const { repository, refs } = world;
  const sha = await repository.pull(1, { "README.md": "ours\n" });
  const other = await repository.pull(2, { "README.md": "theirs\n" });
  const record = await world.clone({
    ...refs,
    pulls: [
      { number: 1, author: "a", sha },
      { number: 2, author: "b", sha: other },
    ],
  });
  assertEquals(
    record.fault,
    `Cannot clone o/app: pull 2 (${other}) does not merge into main: CONFLICT (content): Merge conflict in README.md`,
  );
  assertEquals(record.commands.at(-1)?.error, "exit status 1");
});

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
    await using world = await start();
    const record = await world.clone({ ...world.refs, ...change });
    assertMatch(record.fault ?? "", fault);
  });
}

Deno.test("clone_depth gets as many commits", async () => {
  await using world = await start();
  const { repository, refs } = world;
  await repository.commit({ a: "1" });
  const base_sha = await repository.commit({ a: "2" });
  const record = await world.clone({ ...refs, base_sha, clone_depth: 2 });
  assertEquals(record.fault, null);
  const count = await world.ask(
    "github.com/o/app",
    "rev-list",
    "--count",
    "HEAD",
  );
  assertEquals(count, "2");
});

Deno.test("all tags are there, unless skip_fetch_head is set", async () => {
  await using world = await start();
  const { repository, refs } = world;
  await repository.git("tag", "v1");
  await world.clone(refs);
  assertEquals(await world.ask("github.com/o/app", "tag"), "v1");
  await world.clone({ ...refs, skip_fetch_head: true, path_alias: "bare" });
  assertEquals(await world.ask("bare", "tag"), "");
});

Deno.test("path_alias is the place", async () => {
  await using world = await start();
  const record = await world.clone({ ...world.refs, path_alias: "k8s.io/app" });
  assertEquals(record.fault, null);
  assertEquals(await world.read("k8s.io/app/README.md"), "hello\n");
});

Deno.test("submodules are there, theirs too, unless they are to be skipped", async () => {
  await using world = await start();
  const { repository, refs, path } = world;
  const inner = await TestRepository.make(`${path}/allowed/inner`);
  await inner.commit({ deep: "deep" });
  const library = await TestRepository.make(`${path}/allowed/library`);
  await library.git("submodule", "add", "--quiet", inner.path, "inner");
  await library.commit({});
  await repository.git("submodule", "add", "--quiet", "../library", "lib");
  const base_sha = await repository.commit({});
  const record = await world.clone({ ...refs, base_sha });
  assertEquals(record.fault, null, JSON.stringify(record.commands, null, 1));
  assertEquals(await world.read("github.com/o/app/lib/inner/deep"), "deep");
  await world.clone({
    ...refs,
    base_sha,
    path_alias: "bare",
    skip_submodules: true,
  });
  assertEquals([...Deno.readDirSync(`${path}/go/src/bare/lib`)], []);
});

Deno.test("a submodule from elsewhere on this machine is refused, with its name", async () => {
  await using world = await start();
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
    await using world = await start();
    const record = await world.clone({ ...world.refs, ...change });
    assertStringIncludes(record.fault ?? "", reason);
    assert(!commands(record).includes("fetch"));
  });
}

Deno.test("hooks of a repository do not run, nor commands that its configuration names", async () => {
  await using world = await start();
  const { repository, refs, path } = world;
  const base_sha = await repository.commit({
    ".gitattributes": "* filter=x\n",
    ".lfsconfig": `[filter "x"]\n\tsmudge = touch ${path}/ran\n`,
  });
  assertEquals((await world.clone({ ...refs, base_sha })).fault, null);
  await Deno.writeTextFile(
    `${repository.path}/.git/hooks/post-checkout`,
    `#!/bin/sh\ntouch ${path}/ran\n`,
    { mode: 0o755 },
  );
  assertEquals(
    (await world.clone({ ...refs, path_alias: "again" })).fault,
    null,
  );
  assertEquals([...Deno.readDirSync(path)].map(({ name }) => name).sort(), [
    "allowed",
    "go",
  ]);
});
