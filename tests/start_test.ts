import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import * as z from "zod";
import { eventually } from "./eventually.ts";
import { root } from "./paths.ts";
import { isAlive } from "./processes.ts";
import { startSlipway } from "./slipway.ts";

const executionSchema = z.object({
  id: z.string(),
  job_name: z.string(),
  job_status: z.string(),
});
const resultsSchema = z.object({
  results: z.array(
    z.looseObject({ run_id: z.number(), status: z.string().nullable() }),
  ),
});
const runsSchema = z.object({
  runs: z.array(
    z.object({ number: z.number(), job: z.string(), state: z.string() }),
  ),
});

/** What somebody gets who pastes lines into a shell. */
async function paste(lines: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", lines.join("\n")],
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("deno task start: the printed lines give an execution that ends SUCCESS and a test that ends pass", async () => {
  await using slipway = await startSlipway();
  const exports = slipway.printed.filter((line) => line.startsWith("export "));
  const curls = slipway.printed.filter((line) => line.startsWith("curl "));
  const [
    trigger = "",
    request = "",
    runs = "",
    executions = "",
    results = "",
    events = "",
  ] = curls;
  assertEquals(exports.length, 2);

  const execution = executionSchema.parse(
    JSON.parse(await paste([...exports, `${trigger} --silent`])),
  );
  assertEquals(execution.job_status, "TRIGGERED");
  // Pasted at once, it shows the run to its end.
  const followed = await paste([...exports, `${events} --silent`]);
  assertStringIncludes(followed, "Hello from periodic-hello");
  assertMatch(followed, /"state":"passed"/);
  assertEquals(await paste([...exports, `${request} --silent`]), "");

  const listed = async () =>
    runsSchema.parse(JSON.parse(await paste([...exports, `${runs} --silent`])))
      .runs;
  await eventually(
    async () =>
      (await listed()).filter(({ state }) => state === "passed").length === 2,
    "both runs pass",
    60_000,
  );
  assertEquals((await listed()).map(({ job }) => job).toSorted(), [
    "hello-slipway",
    "periodic-hello",
  ]);

  assertStringIncludes(
    await paste([...exports, `${executions} --silent`]),
    '"job_status": "SUCCESS"',
  );
  const { results: tests } = resultsSchema.parse(
    JSON.parse(await paste([...exports, `${results} --silent`])),
  );
  assertEquals(tests.map(({ status }) => status), ["pass"]);
});

Deno.test("deno task start: its password signs in, and the next start on the same folder prints the same", async () => {
  const data = await Deno.makeTempDir({ prefix: "slipway-password-" });
  const lines: string[] = [];
  for (const _start of ["first", "second"]) {
    await using slipway = await startSlipway({ SLIPWAY_DATA: data });
    const line = slipway.printed.find((line) => line.includes("sign in as"));
    const [, user, password] =
      /\(sign in as (\S+) with the password (\S+)\)$/.exec(line ?? "") ?? [];
    const answer = await fetch(`${slipway.url}/v1/whoami`, {
      headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
    });
    assertStringIncludes(await answer.text(), '"id":"user:demo"');
    lines.push(`${password}`);
  }
  assertEquals(lines[0], lines[1]);
  await Deno.remove(data, { recursive: true });
});

Deno.test("deno task start: a second server on the same folder is refused and told why; Ctrl-C stops server and runner", async () => {
  await using slipway = await startSlipway();
  const second = await new Deno.Command(Deno.execPath(), {
    args: ["task", "start", "--no-install"],
    cwd: root,
    env: { ...slipway.env, PORT: "0", NO_COLOR: "1" },
  }).output();
  assertEquals(second.success, false);
  assertStringIncludes(
    new TextDecoder().decode(second.stderr),
    `another Slipway server (process ${slipway.serverPid}`,
  );

  const pids = await slipway.processes();
  assert(pids.length >= 2, `server and runner are ${pids.length} processes`);
  const status = await slipway.interrupt();
  assertEquals(status.success, true);
  assertEquals(pids.filter(isAlive), []);
});
