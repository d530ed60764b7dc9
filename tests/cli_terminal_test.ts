import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { startCliWorld } from "./cli_world.ts";
import { eventually } from "./eventually.ts";
import { exists } from "./processes.ts";

/** What is left of a terminal's output when its own status lines and ends of lines are taken away. */
function withoutStatus(text: string): string {
  // deno-lint-ignore no-control-regex -- the CLI's own
  return text.replaceAll(/(· run [^\r\n]*)?\r\x1b\[K/g, "").replaceAll(
    "\r\n",
    "\n",
  );
}

Deno.test("on a terminal colours stay, and a log cannot steer", async () => {
  await using world = await startCliWorld();
  await using running = world.start(["run", "hostile", "-w"], {
    onTerminal: true,
  });
  const { code, stdout } = await running.ended;
  assertEquals(code, 0, stdout);
  assertStringIncludes(
    withoutStatus(stdout),
    "ab \x1b[31mred\x1b[0m\x1b[0m\nend\n",
  );
  for (const sign of ["\x1b]", "\x07", "\x1b[2J", "owned", "52;c"]) {
    assert(!stdout.includes(sign), JSON.stringify(stdout));
  }
});

Deno.test("in a pipe and with NO_COLOR there is no escape sequence; --raw has them all", async () => {
  await using world = await startCliWorld();
  const { stdout, stderr } = await world.slipway(["run", "hostile", "-w"]);
  assertEquals(stdout, "ab red\nend\n");
  assert(!stderr.includes("\x1b"));
  await using plain = world.start(["logs", "1"], {
    onTerminal: true,
    env: { NO_COLOR: "1" },
  });
  assertEquals((await plain.ended).stdout, "ab red\r\nend\r\n");
  const raw = await world.slipway(["logs", "1", "--raw"]);
  assertEquals(
    raw.stdout,
    "a\x1b]0;owned\x07b\x1b[2J \x1b[31mred\x1b[0m\n\x1b]52;c;eA==\x07end",
  );
});

Deno.test("below a log that grows is a status line; Ctrl-C takes it away and leaves the run alone", async () => {
  await using world = await startCliWorld();
  await using running = world.start(["run", "slow", "-w"], {
    onTerminal: true,
  });
  await eventually(() => running.printed().includes("begun"), "no log comes");
  await running.type("\x03");
  const { code, stdout } = await running.ended;
  assertEquals(code, 130, stdout);
  assertMatch(stdout, /· run 1 of slow: running, \d+ s/);
  assertMatch(withoutStatus(stdout), /Run 1 goes on without you\.\n/);
  assertEquals(
    (await world.app.app.store.runs.findByNumber(1))?.state,
    "running",
  );
  await world.slipway(["cancel", "1"]);
});

Deno.test("a list on a terminal is aligned below a heading", async () => {
  await using world = await startCliWorld();
  await world.slipway(["run", "pass", "-w"]);
  await using running = world.start(["list"], { onTerminal: true });
  const { stdout } = await running.ended;
  assertMatch(
    stdout,
    /^RUN +STATE +JOB +BACKEND +OWNER +MADE +TOOK\r\n1 {4}passed +pass +prow +bots /,
  );
});

Deno.test("login asks without showing, keeps the credential for its owner alone, and logout forgets it", async () => {
  await using world = await startCliWorld();
  const env = { SLIPWAY_TOKEN: "", SLIPWAY_URL: "" };
  const file = `${world.folder}/slipway/config.json`;
  await using running = world.start(["login", world.url], {
    onTerminal: true,
    env,
  });
  await eventually(
    () => running.printed().includes("Token or key: "),
    "no prompt",
  );
  await running.type(`${world.token}\r`);
  const { code, stdout } = await running.ended;
  assertEquals(code, 0, stdout);
  assertStringIncludes(stdout, `Signed in to ${world.url} as group:bots.`);
  assert(!stdout.includes(world.token.slice(0, 20)));
  assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  const who = await world.slipway(["whoami"], { env });
  assertEquals([who.code, who.stdout], [0, "group:bots\n"]);

  await Deno.chmod(file, 0o644);
  const warned = await world.slipway(["whoami"], { env });
  assertStringIncludes(warned.stderr, "chmod 600");
  const out = await world.slipway(["logout", "--json"], { env });
  assertEquals(out.code, 0, out.stderr);
  assertEquals(JSON.parse(out.stdout), { url: world.url, forgotten: true });
  assert(!(await Deno.readTextFile(file)).includes(world.token));
});

Deno.test("a name and a password make a key, which is kept; a wrong one keeps nothing", async () => {
  await using world = await startCliWorld();
  const env = { SLIPWAY_TOKEN: "", SLIPWAY_URL: "" };
  const args = ["login", world.url, "--user", "alice"];
  const wrong = await world.slipway(args, { env, input: "wrong\n" });
  assertEquals([wrong.code, exists(`${world.folder}/slipway`)], [4, false]);
  const right = await world.slipway(args, {
    env,
    input: "password of alice\n",
  });
  assertEquals(right.code, 0, right.stderr);
  const who = await world.slipway(["whoami", "--json"], { env });
  const { id, via } = JSON.parse(who.stdout);
  assertEquals([id, via], ["user:alice", "auth_key"]);
});
