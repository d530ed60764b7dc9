/** Clones with the real git, from repositories that the tests make. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { commands, startCloning } from "../../../../tests/clone_world.ts";
import { TestRepository } from "../../../../tests/git_repository.ts";

Deno.test("a repository is at its base, on the branch, in its place below GOPATH", async () => {
  await using world = await startCloning();
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
  await using world = await startCloning();
  const newest = await world.repository.commit({ "README.md": "later\n" });
  const { base_sha: _, ...refs } = world.refs;
  assertEquals((await world.clone(refs)).finalSha, newest);
});

Deno.test("pulls are merged in order, and the same refs always give the same commit", async () => {
  await using world = await startCloning();
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
  await using world = await startCloning();
  const { repository, refs } = world;
  const sha = await repository.pull(1, { one: "old" });
  await repository.pull(1, { one: "new" });
  const pulls = [{ number: 1, author: "a", sha }];
  assertEquals((await world.clone({ ...refs, pulls })).fault, null);
  assertEquals(await world.read("github.com/o/app/one"), "old");
});

Deno.test("a pull is fetched by its ref where it has one", async () => {
  await using world = await startCloning();
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
  await using world = await startCloning();
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

Deno.test("clone_depth gets as many commits", async () => {
  await using world = await startCloning();
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
  await using world = await startCloning();
  const { repository, refs } = world;
  await repository.git("tag", "v1");
  await world.clone(refs);
  assertEquals(await world.ask("github.com/o/app", "tag"), "v1");
  await world.clone({ ...refs, skip_fetch_head: true, path_alias: "bare" });
  assertEquals(await world.ask("bare", "tag"), "");
});

Deno.test("path_alias is the place", async () => {
  await using world = await startCloning();
  const record = await world.clone({ ...world.refs, path_alias: "k8s.io/app" });
  assertEquals(record.fault, null);
  assertEquals(await world.read("k8s.io/app/README.md"), "hello\n");
});

Deno.test("submodules are there, theirs too, unless they are to be skipped", async () => {
  await using world = await startCloning();
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
