import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Command, CommandEnd } from "../core/executor.ts";
import { isAlive } from "../tests/processes.ts";
import { runCommand } from "./process.ts";

const path = "/usr/local/bin:/usr/bin:/bin";

function shell(script: string, more: Partial<Command> = {}): Command {
  return {
    argv: ["/bin/sh", "-c", script],
    cwd: "/",
    env: { PATH: path },
    timeoutSeconds: 30,
    graceSeconds: 10,
    ...more,
  };
}

/** Runs a command and collects its output; `onOutput` sees all of it so far. */
async function collect(
  command: Command,
  options: { signal?: AbortSignal; onOutput?: (output: string) => void } = {},
): Promise<{ end: CommandEnd; output: string }> {
  const decoder = new TextDecoder();
  let output = "";
  const end = await runCommand(command, {
    output(chunk) {
      output += decoder.decode(chunk, { stream: true });
      options.onOutput?.(output);
      return null;
    },
    signal: options.signal ?? new AbortController().signal,
  });
  return { end, output };
}

Deno.test("a command's exit code and its output of both kinds come back in order", async () => {
  const { end, output } = await collect(
    shell("echo one; sleep 0.05; echo two >&2; sleep 0.05; echo three; exit 3"),
  );
  assertEquals(end, { kind: "exited", exitCode: 3 });
  assertEquals(output, "one\ntwo\nthree\n");
});

Deno.test("output is passed on as bytes, whole, whatever they are", async () => {
  const chunks: Uint8Array[] = [];
  await runCommand(
    shell("head -c 300000 /dev/zero; printf '\\377\\376'"),
    {
      output: (chunk) => {
        chunks.push(chunk);
        return null;
      },
      signal: new AbortController().signal,
    },
  );
  const bytes = new Uint8Array(
    await new Blob(
      chunks.map((chunk) => new Uint8Array(chunk)),
    ).arrayBuffer(),
  );
  assertEquals(bytes.byteLength, 300_002);
  assertEquals([...bytes.subarray(-3)], [0, 255, 254]);
});

Deno.test("a command gets exactly its own environment, its folder, and no input", async () => {
  const { output } = await collect(
    shell("env; pwd; cat; echo end", {
      cwd: "/usr",
      env: { PATH: path, ANSWER: "42" },
    }),
  );
  assertEquals(output.split("\n").filter((line) => !/^(_|PWD)=/.test(line)), [
    `PATH=${path}`,
    "ANSWER=42",
    "/usr",
    "end",
    "",
  ]);
});

Deno.test("an argument is passed on as it is: no shell is involved", async () => {
  const { output } = await collect({
    ...shell(""),
    argv: ["printf", "%s", "$HOME; *"],
  });
  assertEquals(output, "$HOME; *");
});

Deno.test("a command that a signal ends has the exit code 128 + n", async () => {
  assertEquals((await collect(shell("kill -SEGV $$"))).end, {
    kind: "exited",
    exitCode: 139,
  });
});

Deno.test({
  name: "so has one that a real-time signal ends, for which Deno has no name",
  // Deno throws and forgets to close the child.
  sanitizeResources: false,
  async fn() {
    assertEquals((await collect(shell("kill -34 $$"))).end, {
      kind: "exited",
      exitCode: 162,
    });
  },
});

Deno.test("a command out of time is asked to stop, and can do so in its own way", async () => {
  const { end, output } = await collect(shell(
    "trap 'echo cleaning up; exit 0' TERM; echo ready; while :; do sleep 0.02; done",
    { timeoutSeconds: 0.3 },
  ));
  assertEquals(end, { kind: "timed_out", timeoutSeconds: 0.3 });
  assertStringIncludes(output, "cleaning up");
});

Deno.test("a command that ignores SIGTERM is killed after the grace, with its whole group", async () => {
  const abort = new AbortController();
  const startedAt = performance.now();
  const { end, output } = await collect(
    shell(
      "trap '' TERM; (trap '' TERM; sleep 60) & echo $! $$; for i in $(seq 1000); do sleep 0.02; done",
      { graceSeconds: 0.3 },
    ),
    {
      signal: abort.signal,
      onOutput: (output) => output.includes("\n") && abort.abort(),
    },
  );
  assertEquals(end, { kind: "cancelled" });
  assertLess(performance.now() - startedAt, 10_000);
  for (const pid of output.trim().split(/\s+/)) assert(!isAlive(pid));
});

Deno.test("children left behind by a command that has ended are killed", async () => {
  const { end, output } = await collect(
    shell("sleep 60 & sleep 61 >/dev/null 2>&1 & echo $! $(jobs -p); exit 0"),
  );
  assertEquals(end, { kind: "exited", exitCode: 0 });
  for (const pid of output.trim().split(/\s+/)) {
    assertMatch(pid, /^\d+$/);
    assert(!isAlive(pid), `${pid} survived`);
  }
});

Deno.test("a process outside the group that holds the output delays the end only shortly", async () => {
  const directory = await Deno.makeTempDir();
  const startedAt = performance.now();
  const { end, output } = await collect(shell(
    "setsid sh -c 'echo $$; touch escaped; exec sleep 30' & until [ -e escaped ]; do sleep 0.01; done",
    { cwd: directory },
  ));
  assertEquals(end, { kind: "exited", exitCode: 0 });
  assertLess(performance.now() - startedAt, 10_000);
  assert(isAlive(output.trim()), "it was to escape");
  Deno.kill(Number(output.trim()), "SIGKILL");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a command is not started for a run that is cancelled already", async () => {
  const { end, output } = await collect(shell("echo started"), {
    signal: AbortSignal.abort(),
  });
  assertEquals(end, { kind: "cancelled" });
  assertEquals(output, "");
});

Deno.test("reading waits while the log has no room, and nothing is lost", async () => {
  const full = Promise.withResolvers<void>();
  let sizeBytes = 0;
  let calls = 0;
  const running = runCommand(
    shell("head -c 4000000 /dev/zero; echo done >&2"),
    {
      output(chunk) {
        sizeBytes += chunk.byteLength;
        calls++;
        return full.promise;
      },
      signal: new AbortController().signal,
    },
  );
  const early = await Promise.race([
    running,
    new Promise((resolve) => setTimeout(() => resolve("blocked"), 200)),
  ]);
  assertEquals(early, "blocked", "the process has to wait with its output");
  assertEquals(calls, 1);
  full.resolve();
  assertEquals(await running, { kind: "exited", exitCode: 0 });
  assertEquals(sizeBytes, 4_000_005);
});

const notStarted: readonly {
  name: string;
  command: Partial<Command>;
  reason: RegExp;
}[] = [
  {
    name: "an unknown command",
    command: { argv: ["no-such-command"] },
    reason:
      /^Cannot run "no-such-command": there is no such command on its PATH \/usr/,
  },
  {
    name: "a path without a file",
    command: { argv: ["/no/such/file"] },
    reason: /^Cannot run "\/no\/such\/file": there is no such file$/,
  },
  {
    name: "a working directory that does not exist",
    command: { cwd: "/no/such/folder" },
    reason: /working directory \/no\/such\/folder does not exist$/,
  },
  {
    name: "a working directory that is a file",
    command: { cwd: "/etc/passwd" },
    reason: /working directory \/etc\/passwd does not exist$/,
  },
  {
    name: "a file that cannot be executed",
    command: { argv: ["/etc/passwd"] },
    reason: /it is not an executable file$/,
  },
  {
    name: "an empty command",
    command: { argv: [""] },
    reason: /the command is empty$/,
  },
  {
    name: "a NUL character",
    command: { argv: ["/bin/echo", "a\0b"] },
    reason: /contains a NUL character$/,
  },
  {
    name: "too long an argument",
    command: { argv: ["/bin/echo", "x".repeat(3_000_000)] },
    reason: /Argument list too long/,
  },
];

for (const { name, command, reason } of notStarted) {
  Deno.test(`a command is not started, and it is said why: ${name}`, async () => {
    const { end } = await collect(shell("", command));
    assert(end.kind === "not_started");
    assertMatch(end.reason, reason);
  });
}

Deno.test("a script whose interpreter is missing says so", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/x`, "#!/no/such/sh\n", {
      mode: 0o755,
    });
    const { end } = await collect({
      ...shell("", { cwd: directory }),
      argv: ["./x"],
    });
    assert(end.kind === "not_started");
    assertStringIncludes(end.reason, "interpreter");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
