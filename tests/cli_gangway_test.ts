import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startCliWorld } from "./cli_world.ts";

Deno.test("slipway gangway takes gangway-cli's options, and writes its file of run identifiers", async () => {
  await using world = await startCliWorld();
  const folder = `${world.folder}/runs/today`;
  const { code, stdout, stderr } = await world.slipway(
    [
      "gangway",
      "-j",
      "pass",
      "-p",
      folder,
      "-e",
      "GREETING=x",
      "-n",
      "2",
      "-u",
      `${world.url}/`,
    ],
    {
      env: { SLIPWAY_TOKEN: "", MY_APPCI_TOKEN: world.token, SLIPWAY_URL: "" },
    },
  );
  assertEquals(code, 0, stderr);
  assertMatch(
    stdout,
    /^# +ID +URL\n-+\n1 +[\da-f-]{36} +http\S+\n2 +[\da-f-]{36} +http\S+\n$/,
  );
  const [file, ...more] = await Array.fromAsync(Deno.readDir(folder));
  assertEquals(more, []);
  assertMatch(
    file?.name ?? "",
    /^gangway_pass_\d{4}-\d\d-\d\dT[\d:.]+Z\.json$/,
  );
  const runs = JSON.parse(await Deno.readTextFile(`${folder}/${file?.name}`));
  const url = (number: number) =>
    `${world.url}/view/gs/slipway/logs/pass/${number}`;
  assertEquals(runs, [
    { JobName: "pass", JobRunID: "1", JobURL: url(1) },
    { JobName: "pass", JobRunID: "2", JobURL: url(2) },
  ]);
  const log = await world.slipway(["logs", "-f", "1"]);
  assertEquals(log.stdout, "hello x\n");
});

Deno.test("runs that gangway started are in the file also when a later one fails", async () => {
  await using world = await startCliWorld();
  let made = 0;
  world.network = async (request, answer) =>
    request.method === "POST" && request.url.includes("/v1/executions/") &&
      ++made > 1
      ? new Response('{"detail": "not any more"}', {
        status: 403,
        headers: { "x-request-id": "1" },
      })
      : await answer();
  const { code, stderr } = await world.slipway(
    ["gangway", "-j", "pass", "-p", world.folder, "-n", "3"],
  );
  assertEquals(code, 4);
  assertStringIncludes(stderr, "not any more");
  const path = /identifiers are in (\S+)/.exec(stderr)?.[1] ?? "";
  assertEquals(JSON.parse(await Deno.readTextFile(path)).length, 1);
});

Deno.test("bash completes commands, their options and the values that are known", async () => {
  await using world = await startCliWorld();
  const { stdout } = await world.slipway(["completions", "bash"]);
  const offered = async (...words: string[]) => {
    const { code, stdout: out, stderr } = await new Deno.Command("bash", {
      args: [
        "-c",
        `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slipway; echo "\${COMPREPLY[*]}"`,
        "bash",
        "slipway",
        ...words,
      ],
    }).output();
    const error = new TextDecoder().decode(stderr);
    assertEquals([code, error], [0, ""]);
    return new TextDecoder().decode(out).trim();
  };
  assertEquals(await offered("ca"), "cancel");
  assertEquals(await offered("key", ""), "list create revoke");
  assertEquals(await offered("run", "--dry"), "--dry-run");
  assertEquals(await offered("key", "create", "--des"), "--description");
  assertEquals(await offered("list", "--state", "err"), "errored");
  assertEquals(await offered("completions", "z"), "zsh");
});
