import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "./eventually.ts";
import { root } from "./paths.ts";
import { isAlive } from "./processes.ts";
import { collect, type RunningSlipway, startSlipway } from "./slipway.ts";

/** The process of the runner beside a server. */
async function runnerPid(slipway: RunningSlipway): Promise<number> {
  const pids = await slipway.processes();
  return pids.find((pid) =>
    pid !== slipway.serverPid && isAlive(pid) &&
    Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("runner/main.ts")
  ) ?? 0;
}

/** Living processes that were given this data folder. */
function processesWith(data: string): string[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter(
    (pid) => {
      try {
        return /^\d+$/.test(pid) && isAlive(pid) &&
          Deno.readTextFileSync(`/proc/${pid}/environ`).split("\0")
            .includes(`SLIPWAY_DATA=${data}`);
      } catch {
        return false;
      }
    },
  );
}

Deno.test("a server that is killed leaves no runner behind", async () => {
  await using slipway = await startSlipway();
  const pids = await slipway.processes();
  assert(pids.length >= 2);
  Deno.kill(slipway.serverPid, "SIGKILL");
  await slipway.status;
  await eventually(() => !pids.some(isAlive), "the runner lives on");
});

Deno.test("a runner that dies is told of and started again", async () => {
  await using slipway = await startSlipway();
  const pid = await runnerPid(slipway);
  Deno.kill(pid, "SIGKILL");
  await eventually(
    () => /The runner was ended by SIGKILL/.test(slipway.said()),
    "nobody notices",
  );
  await eventually(async () => {
    const next = await runnerPid(slipway);
    return next !== 0 && next !== pid;
  }, "no other runner is started");
  const pids = await slipway.processes();
  assertEquals((await slipway.interrupt()).success, true);
  assertEquals(pids.filter(isAlive), []);
});

Deno.test("the runner reaches its server where it is, whatever SLIPWAY_URL promises to others", async () => {
  await using slipway = await startSlipway({
    SLIPWAY_URL: "https://ci.invalid/slipway",
  });
  await eventually(
    () => slipway.said().includes("Registered as"),
    "the runner does not register",
  );
  assertEquals((await fetch(`${slipway.url}/livez`).then(read)).status, 200);
});

Deno.test("HOST=::1 gives URLs that work", async () => {
  await using slipway = await startSlipway({ HOST: "::1" });
  assertStringIncludes(slipway.url, "http://[::1]:");
  assertEquals((await fetch(`${slipway.url}/livez`).then(read)).status, 200);
  await eventually(
    () => slipway.said().includes("Registered as"),
    "the runner does not register",
  );
});

Deno.test("a start that fails late leaves no runner behind", async (t) => {
  await t.step("because credentials cannot be kept", async () => {
    await using folder = await makeFolder();
    await Deno.mkdir(`${folder.path}/start_credentials.json`);
    const child = start(folder.path);
    const said = collect(child.stderr);
    await child.stdout.cancel();
    assertEquals((await child.status).code, 1);
    await said.done;
    assertStringIncludes(said.text(), "Cannot ");
    assertEquals(processesWith(folder.path), []);
  });
  await t.step("because nobody reads what it prints", async () => {
    await using folder = await makeFolder();
    const child = start(folder.path);
    await child.stdout.cancel();
    const said = collect(child.stderr);
    assertEquals((await child.status).code, 1);
    await said.done;
    assertEquals(processesWith(folder.path), []);
  });
});

function start(data: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "scripts/start.ts"],
    cwd: root,
    env: { SLIPWAY_DATA: data, PORT: "0", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function makeFolder() {
  const path = await Deno.makeTempDir({ prefix: "slipway-start-" });
  return {
    path,
    async [Symbol.asyncDispose]() {
      processesWith(path).forEach((pid) => Deno.kill(Number(pid), "SIGKILL"));
      await Deno.remove(path, { recursive: true });
    },
  };
}

async function read(response: Response): Promise<Response> {
  await response.body?.cancel();
  return response;
}
