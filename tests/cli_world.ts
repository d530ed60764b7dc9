import type { Executor } from "../core/executor.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { readCatalogue } from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import { process } from "../plugins/backends/prow/executor.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { roles } from "../core/permission.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { root } from "./paths.ts";
import { startTestRunner } from "./runner_rig.ts";
import { collect } from "./slipway.ts";

/** How a call of `slipway` ended, and what it wrote. */
export type Ended = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** A call that goes on. */
export type Running = AsyncDisposable & {
  readonly ended: Promise<Ended>;
  printed(): string;
  said(): string;
  type(text: string): Promise<void>;
  interrupt(): void;
};

/** How `slipway` is called. */
export type Call = {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On a pseudo-terminal; what it writes is all in `stdout`. */
  readonly onTerminal?: boolean;
};

/** What lies between `slipway` and the server; it may lose an answer, or give another one. */
export type Network = (
  request: Request,
  answer: () => Promise<Response>,
) => Promise<Response>;

/** A server with both dialects and a runner for Prow jobs, and people who use it. */
export type CliWorld = AsyncDisposable & {
  readonly app: TestApp;
  readonly url: string;
  /** Of the group `bots`. */
  readonly token: string;
  /** Of the group `operators`, which may do everything. */
  readonly adminToken: string;
  /** Of the user `alice`, whose password is `password of alice`. */
  readonly key: string;
  /** Folder of the configuration and of whatever a test writes. */
  readonly folder: string;
  network: Network;
  start(args: readonly string[], call?: Call): Running;
  /** Calls `slipway` as the bots, unless `env` says otherwise. */
  slipway(args: readonly string[], call?: Call): Promise<Ended>;
};

const intervals = {
  claimWaitSeconds: 1,
  heartbeatSeconds: 0.1,
  leaseSeconds: 5,
  ackSeconds: 5,
  logFlushMs: 10,
};

const job = (name: string, script: string) =>
  `- {name: ${name}, spec: {containers: [{image: i, command: [sh, -c], args: [${
    JSON.stringify(script)
  }]}]}}\n`;

const jobs = `periodics:
${job("pass", "echo hello $GREETING")}
${job("fail", "echo one of three checks failed; exit 1")}
${job("slow", "echo begun; sleep 600")}
${job("count", "for i in 1 2 3 4 5 6; do echo line $i; sleep 0.1; done")}
${
  job(
    "hostile",
    "printf 'a\\033]0;owned\\007b\\033[2J \\033[31mred\\033[0m\\n\\033]52;c;eA==\\007end'",
  )
}`;

/** Starts it; its runner has more executors when told so. */
export async function startCliWorld(
  options: { readonly executors?: readonly Executor[] } = {},
): Promise<CliWorld> {
  const signingKey = await generateSigningKey();
  const app = await startTestApp([prow(), autopkgtest()], {
    now: Date.now,
    intervals,
    auth: [bearer({ signingKey }), authKey(), basic()],
  });
  const texts = [{ path: "jobs.yaml", text: jobs }];
  await importCatalogue(app.database, readCatalogue(texts).jobs, app.now);
  const { token, adminToken, key } = await makePeople(app, signingKey);
  const folder = await Deno.makeTempDir({ prefix: "slipway-cli-" });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: lost },
    (request) => world.network(request, () => app.app.fetch(request)),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const runner = startTestRunner(url, {
    executors: [process, ...options.executors ?? []],
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? "",
      SLIPWAY_PACKAGE_TREES: `${root}/examples/packages`,
    },
    slots: 4,
  });
  const start: CliWorld["start"] = (args, call = {}) =>
    startCli(args, {
      ...call,
      env: {
        XDG_CONFIG_HOME: folder,
        SLIPWAY_URL: url,
        SLIPWAY_TOKEN: token,
        ...call.env,
      },
    });
  const world: CliWorld = {
    app,
    url,
    token,
    adminToken,
    key,
    folder,
    network: (_request, answer) => answer(),
    start,
    async slipway(args, call) {
      await using running = start(args, call);
      return await running.ended;
    },
    async [Symbol.asyncDispose]() {
      world.network = (_request, answer) => answer();
      await runner[Symbol.asyncDispose]();
      app.app.close();
      await server.shutdown();
      await app[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
  return world;
}

/** An answer that breaks off after its headers. */
export function brokenOff(answer: Response): Response {
  const body = new ReadableStream({
    async pull(controller) {
      await answer.body?.cancel();
      controller.error(new Error("lost"));
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status: 200 });
}

function lost(): Response {
  return new Response(null, { status: 500 });
}

async function makePeople(app: TestApp, signingKey: string) {
  const { accounts } = app.app.store;
  const alice = await accounts.ensure("user", "alice", roles.trigger);
  const bots = await makeToken(app, signingKey, "bots", "trigger");
  const operators = await makeToken(app, signingKey, "operators", "admin");
  const key = crypto.randomUUID();
  const hash = await hashPassword("password of alice", newSalt(), {
    memoryKib: 64,
    passes: 1,
    lanes: 1,
  });
  await app.database.batch([
    await insertAuthKey({
      id: crypto.randomUUID(),
      account: alice.account.id,
      key,
      name: "",
      now: app.now(),
    }),
    savePassword({ account: alice.account, hash, now: app.now() }),
  ]);
  return { token: bots, adminToken: operators, key };
}

/** A token of a group that is made for it. */
async function makeToken(
  app: TestApp,
  signingKey: string,
  group: string,
  role: keyof typeof roles,
): Promise<string> {
  const { account } = await app.app.store.accounts.ensure(
    "group",
    group,
    roles[role],
  );
  const { token, insert } = await issueToken({
    key: await importSigningKey(signingKey),
    issuer: defaultIssuer,
    account,
    jti: crypto.randomUUID(),
    now: app.now(),
    expiresAt: null,
    scopes: null,
    description: "",
  });
  await app.database.batch([insert]);
  return token;
}

function startCli(
  args: readonly string[],
  { input, env = {}, onTerminal = false }: Call,
): Running {
  const command = [
    Deno.execPath(),
    "run",
    "-A",
    "--quiet",
    `${root}/cli/main.ts`,
    ...args,
  ];
  const { PATH = "", HOME = "", DENO_DIR } = Deno.env.toObject();
  const [program = "", ...rest] = onTerminal ? terminal(command) : command;
  const child = new Deno.Command(program, {
    args: rest,
    clearEnv: true,
    env: {
      PATH,
      HOME,
      TERM: "xterm",
      ...DENO_DIR === undefined ? {} : { DENO_DIR },
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  let isOver = false;
  const type = async (text: string) => {
    await writer.write(new TextEncoder().encode(text)).catch(() => {});
  };
  const give = async () => {
    if (onTerminal) return;
    await type(input ?? "");
    await writer.close().catch(() => {});
  };
  const given = give();
  const finish = async () => {
    const { code } = await child.status;
    isOver = true;
    await Promise.all([out.done, err.done, given]);
    if (onTerminal) await writer.close().catch(() => {});
    return { code, stdout: out.text(), stderr: err.text() };
  };
  const ended = finish();
  return {
    ended,
    printed: out.text,
    said: err.text,
    type,
    interrupt: () => child.kill("SIGINT"),
    async [Symbol.asyncDispose]() {
      if (!isOver) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** A command in a terminal of 80 columns, with its exit status. */
function terminal(command: readonly string[]): string[] {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const line = `stty cols 80 rows 24; exec ${quoted.join(" ")}`;
  return ["script", "-qec", line, "/dev/null"];
}
