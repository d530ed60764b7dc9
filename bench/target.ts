import * as z from "zod";
import { fromFileUrl } from "../tests/paths.ts";

const fillSchema = z.object({
  /** Package tests of one user that are over. */
  storedTests: z.int().min(0),
  /** Executions that wait for a runner. */
  queuedExecutions: z.int().min(0),
  /** Tests of many packages, places, owners and ends, executions of many repositories; else each is like the others. */
  isVaried: z.boolean().default(false),
});

/** What `server.ts` is told. */
export const planSchema = z.object({
  database: z.enum(["embedded", "sqld"]),
  fill: fillSchema,
});

const fixtureSchema = z.object({
  /** Bearer token of a group. */
  token: z.string(),
  /** Auth-Key of the user whose tests are stored. */
  authKey: z.string(),
  /** Token of a runner. */
  runner: z.string(),
  /** Id of an execution that waits. */
  executionId: z.string(),
  /** Since this moment (epoch seconds) `newTests` tests have changed; a second later none. */
  since: z.int(),
});

/** What `server.ts` answers. */
export const reportSchema = z.object({
  /** Port of Slipway. */
  port: z.int(),
  /** Port of a bare `Deno.serve` in the same process: see `floor.ts`. */
  floorPort: z.int(),
  fixture: fixtureSchema,
});

/** How much a store is filled with. */
export type Fill = z.output<typeof fillSchema>;

/** What a benchmark must know of a filled store. */
export type Fixture = z.output<typeof fixtureSchema>;

/** A Slipway in a process of its own, on a database of its own. */
export type Target = AsyncDisposable & z.output<typeof reportSchema> & {
  /** Asks it to end, without waiting for that. */
  stop(): void;
};

/**
 * Starts a server on a new, filled database. It takes everything away again
 * when it ends, and ends by itself with the process that started it.
 *
 * @throws Error when it does not start; its own words are on standard error.
 */
export async function startTarget(
  plan: z.input<typeof planSchema>,
): Promise<Target> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--unstable-no-legacy-abort",
      fromFileUrl(import.meta.resolve("./server.ts")),
      JSON.stringify(plan),
    ],
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.endsWith("\n")) break;
  }
  if (text === "") {
    throw new Error(
      `Cannot start: the server left with ${(await child.status).code}`,
    );
  }
  const stop = () => child.kill("SIGTERM");
  return {
    ...reportSchema.parse(JSON.parse(text)),
    stop,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
    },
  };
}
