/** Clones with the real git, from repositories that the tests make. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { eventually } from "../../../../tests/eventually.ts";
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
  const stop = new AbortController();
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
    clone: (refs: Refs, env: Record<string, string> = {}) =>
      clone(refs, {
        env: gitEnvironment(hostWith(env).env, roots),
        roots,
        gopath: { host: `${path}/go`, shown: "/home/prow/go" },
        signal: stop.signal,
        now: Date.now,
        mask: (text) => text,
      }),
    stop: () => stop.abort(),
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

Deno.test("a submodule whose folder would be elsewhere is left out", async () => {
  await using world = await start();
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
    await using world = await start();
    const record = await world.clone({ ...world.refs, ...change });
    assertStringIncludes(record.fault ?? "", reason);
    assert(!commands(record).includes("fetch"));
  });
}

/** A home folder with a configuration of git. */
async function homeWith(path: string, configuration: string): Promise<string> {
  await Deno.mkdir(`${path}/home`);
  await Deno.writeTextFile(`${path}/home/.gitconfig`, configuration);
  return `${path}/home`;
}

Deno.test("the operator's settings for git hold, but for hooks and signatures", async () => {
  await using world = await start();
  const { repository, refs, path } = world;
  const hook = `#!/bin/sh\ntouch ${path}/ran\n`;
  for (const name of ["post-checkout", "post-merge", "pre-merge-commit"]) {
    await Deno.mkdir(`${path}/hooks`, { recursive: true });
    await Deno.writeTextFile(`${path}/hooks/${name}`, hook, { mode: 0o755 });
  }
  const HOME = await homeWith(
    path,
    `[core]\nhooksPath = ${path}/hooks\n[commit]\ngpgSign = true\n[url "${path}/allowed/"]\ninsteadOf = https://git.example.org/\n`,
  );
  const sha = await repository.pull(1, { one: "1" });
  const record = await world.clone({
    ...refs,
    clone_uri: "https://git.example.org/app",
    pulls: [{ number: 1, author: "a", sha }],
  }, { HOME });
  assertEquals(record.fault, null);
  assertEquals(
    [...Deno.readDirSync(path)].some(({ name }) => name === "ran"),
    false,
  );
});

Deno.test("a server that hands out no commits by their id is asked for the branch, and for the pull's ref", async () => {
  await using world = await start();
  const { repository, refs, path } = world;
  const sha = await repository.pull(1, { one: "1" });
  await repository.commit({ "README.md": "later\n" });
  // In the old protocol only what a ref points to is handed out.
  const HOME = await homeWith(path, "[protocol]\nversion = 0\n");
  const record = await world.clone({
    ...refs,
    skip_fetch_head: true,
    pulls: [{ number: 1, author: "a", sha }],
  }, { HOME });
  assertEquals(record.fault, null, JSON.stringify(record, null, 1));
  assertMatch(
    record.commands.find(({ error }) => error !== "")?.output ?? "",
    /unadvertised object/,
  );
  assertEquals(await world.read("github.com/o/app/README.md"), "hello\n");
});

Deno.test("ssh is the operator's, and asks nothing", async () => {
  await using world = await start();
  const { repository, refs, path } = world;
  const ssh =
    `#!/bin/sh\necho "$@" >> ${path}/asked\nfor last; do :; done\neval "$last"\n`;
  await Deno.writeTextFile(`${path}/ssh`, ssh, { mode: 0o755 });
  const PATH = `${path}:${Deno.env.get("PATH")}`;
  const clone_uri = `git@git.example.org:${repository.path}`;
  const record = await world.clone({ ...refs, clone_uri }, { PATH });
  assertEquals(record.fault, null);
  assertMatch(
    await Deno.readTextFile(`${path}/asked`),
    /^-oBatchMode=yes .*git@git.example.org git-upload-pack '/,
  );
});

Deno.test("a network that fails is tried again, until the run is cancelled", async () => {
  await using world = await start();
  const { refs, path } = world;
  const ssh =
    `#!/bin/sh\necho once >> ${path}/asked\necho "Connection timed out" >&2\nexit 255\n`;
  await Deno.writeTextFile(`${path}/ssh`, ssh, { mode: 0o755 });
  const PATH = `${path}:${Deno.env.get("PATH")}`;
  const asked = async () =>
    (await Deno.readTextFile(`${path}/asked`).catch(() => "")).length / 5;
  const cloning = world.clone({ ...refs, clone_uri: "ssh://host/r" }, { PATH });
  await eventually(async () => await asked() === 2, "it is not tried again");
  world.stop();
  assertMatch((await cloning).fault ?? "", /^Cannot clone o\/app: /);
  assertEquals(await asked(), 2);
});
