/** How git is set up and gets at servers. */
import { assertEquals, assertMatch } from "@std/assert";
import { startCloning } from "../../../../tests/clone_world.ts";
import { eventually } from "../../../../tests/eventually.ts";

/** A home folder with a configuration of git. */
async function homeWith(path: string, configuration: string): Promise<string> {
  await Deno.mkdir(`${path}/home`);
  await Deno.writeTextFile(`${path}/home/.gitconfig`, configuration);
  return `${path}/home`;
}

Deno.test("the operator's settings for git hold, but for hooks and signatures", async () => {
  await using world = await startCloning();
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
  await using world = await startCloning();
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
  await using world = await startCloning();
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
  await using world = await startCloning();
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
