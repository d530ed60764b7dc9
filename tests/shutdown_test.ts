import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "./eventually.ts";
import { root } from "./paths.ts";
import { isAlive } from "./processes.ts";
import { collect, startSlipway } from "./slipway.ts";

/** A client that announces a body and sends only the beginning of it. */
async function stall(url: string, token: string) {
  const { hostname, port, host } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const body = '{"job_name": "periodic-hello", "job_execution_type": "1"}';
  const send = async (text: string) => {
    const writer = connection.writable.getWriter();
    await writer.write(new TextEncoder().encode(text));
    writer.releaseLock();
  };
  await send(
    `POST /v1/executions HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n` +
      `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  );
  const answer = collect(connection.readable);
  // A server that ends at once resets the connection.
  const answered = answer.done.catch(() => {});
  // The server has certainly begun with the request when it has answered a later one.
  await (await fetch(`${url}/livez`)).body?.cancel();
  return {
    async [Symbol.asyncDispose]() {
      await answered;
      await connection.writable.close().catch(() => {});
    },
  };
}

function tokenIn(printed: readonly string[]): string {
  return /export TOKEN=(\S+)/.exec(printed.join("\n"))?.[1] ?? "";
}

Deno.test("deno task start: a client that stalls does not hold Ctrl-C up for long", async () => {
  await using slipway = await startSlipway();
  const pids = await slipway.processes();
  await using _client = await stall(slipway.url, tokenIn(slipway.printed));
  const startedAt = performance.now();
  const { code } = await slipway.interrupt();
  assertEquals(code, 0);
  assert(performance.now() - startedAt < 15_000);
  assertEquals(pids.filter(isAlive), []);
});

Deno.test("deno task start: a second Ctrl-C ends everything at once, with 130", async () => {
  await using slipway = await startSlipway();
  const pids = await slipway.processes();
  await using _client = await stall(slipway.url, tokenIn(slipway.printed));
  const ended = slipway.interrupt();
  await eventually(() => slipway.said().includes("Stopping"), "no word");
  const startedAt = performance.now();
  await slipway.interrupt();
  assertEquals((await ended).code, 130);
  assert(performance.now() - startedAt < 3_000);
  await eventually(() => !pids.some(isAlive), "the runner lives on");
});

/** `deno serve main.ts` as in production, on a migrated folder of its own. */
async function serveMain() {
  const data = await Deno.makeTempDir({ prefix: "slipway-main-" });
  const env = { SLIPWAY_DATA: data, NO_COLOR: "1" };
  const run = async (...args: string[]) => {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", ...args],
      cwd: root,
      env,
    }).output();
    assert(success, args.join(" "));
    return new TextDecoder().decode(stdout).trim();
  };
  await run("scripts/migrate.ts");
  await run("scripts/catalog.ts", "import", "examples/jobs");
  const token = await run("scripts/token.ts", "--group", "ci-bots");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--host", "127.0.0.1", "--port", "0", "main.ts"],
    cwd: root,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = collect(child.stderr);
  let hasEnded = false;
  const status = child.status.finally(() => hasEnded = true);
  const url = () => /http:\/\/[\d.]+:\d+/.exec(said.text())?.[0] ?? "";
  await eventually(() => hasEnded || url() !== "", "main.ts does not serve");
  return {
    url: url(),
    env,
    token,
    pid: child.pid,
    status,
    said: said.text,
    kill: (signal: Deno.Signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (!hasEnded) child.kill("SIGKILL");
      await status;
      await said.done;
      await Deno.remove(data, { recursive: true });
    },
  };
}

Deno.test("deno serve main.ts: SIGTERM answers who waits for a run at once", async () => {
  await using main = await serveMain();
  const headers = { authorization: `Bearer ${main.token}` };
  const body = '{"job_name": "periodic-hello", "job_execution_type": "1"}';
  const init = { method: "POST", headers, body };
  await (await fetch(`${main.url}/v1/executions`, init)).body?.cancel();
  const answer = fetch(`${main.url}/v1/runs/1?wait=60`, { headers });
  await (await fetch(`${main.url}/livez`)).body?.cancel();
  const startedAt = performance.now();
  main.kill("SIGTERM");
  assertStringIncludes(await (await answer).text(), '"state":"queued"');
  assertEquals((await main.status).code, 0);
  assert(performance.now() - startedAt < 4_000);
});

Deno.test("deno serve main.ts: a client that stalls holds a stop up for seconds at most", async () => {
  await using main = await serveMain();
  using _client = await stallReading(main.url);
  const startedAt = performance.now();
  main.kill("SIGTERM");
  assertEquals((await main.status).code, 0);
  assert(performance.now() - startedAt < 15_000);
});

/** A client that asks for more than the system's buffers hold, and reads none of it. */
async function stallReading(url: string) {
  const { hostname, port, host } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET /openapi.json HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request.repeat(100)));
  await (await fetch(`${url}/livez`)).body?.cancel();
  return { [Symbol.dispose]: () => connection.close() };
}

Deno.test("deno serve main.ts: a second server is told which process has the file, in one line and without a URL that nobody checked", async () => {
  await using main = await serveMain();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--host", "127.0.0.1", "--port", "0", "main.ts"],
    cwd: root,
    env: main.env,
    stdout: "null",
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 1);
  assertStringIncludes(
    said,
    `another Slipway server (process ${main.pid}) has`,
  );
  assertEquals(said.trim().split("\n").length, 1, said);
});
