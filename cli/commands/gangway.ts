import * as z from "zod";
import { readAnswer } from "../answer.ts";
import { Api, pathPart } from "../api.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { readUrl } from "../config.ts";
import { connectTo } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { UsageError } from "../failure.ts";
import {
  gangwayBody,
  gangwayRow,
  identifierFileName,
  readJobCount,
  type RunIdentifier,
} from "../gangway_request.ts";
import { endOf, type Run, runSchema } from "../run.ts";
import { findServer } from "../server.ts";
import { jsonText, printable } from "../terminal_text.ts";
import type { World } from "../world.ts";

const executionSchema = z.object({ id: z.string(), job_url: z.string() });

/** How long the server may hold one question for an execution's start. */
const waitSeconds = 30;

/** `slipway gangway` */
export const gangway: Command = {
  name: "gangway",
  summary: "Run periodic Prow jobs with gangway-cli's own options",
  words: [],
  options: [
    { name: "job-name", short: "j", value: "JOB", help: "the periodic job" },
    {
      name: "jobs-file-path",
      short: "p",
      value: "FOLDER",
      help:
        "where to write the file of run identifiers; none is written without it",
    },
    {
      name: "initial",
      short: "i",
      value: "IMAGE",
      help: "RELEASE_IMAGE_INITIAL",
    },
    {
      name: "latest",
      short: "l",
      value: "IMAGE",
      help: "RELEASE_IMAGE_LATEST",
    },
    {
      name: "env",
      short: "e",
      value: "VAR=VALUE",
      isList: true,
      help: "a variable for the job; may be given several times",
    },
    {
      name: "num-jobs",
      short: "n",
      value: "NUMBER",
      help: "how many (1), 20 at most",
    },
    { name: "api-url", short: "u", value: "URL", help: "the server, as --url" },
  ],
  details:
    `The token is that of MY_APPCI_TOKEN, as with gangway-cli, or what any other command would use. Runs that were
started are in the file also when a later one fails.`,
  async run(given, world) {
    const job = given.text("job-name");
    if (job === undefined) throw new UsageError("--job-name is missing");
    const count = readJobCount(given.text("num-jobs") ?? "1");
    const body = gangwayBody({
      initial: given.text("initial") ?? "",
      latest: given.text("latest") ?? "",
      env: given.list("env"),
    });
    const api = await connectAsGangway(given, world);
    const { screen } = world;
    screen.tell(body);
    if (!given.has("json")) {
      screen.print(gangwayRow("#", "ID", "URL"));
      screen.print("-".repeat(123));
    }
    const started: RunIdentifier[] = [];
    try {
      for (let number = 1; number <= count; number++) {
        const { id, identifier } = await start(api, job, body, world);
        started.push(identifier);
        screen.print(
          given.has("json") ? jsonText({ id, ...identifier }) : gangwayRow(
            String(number),
            printable(id),
            printable(identifier.JobURL),
          ),
        );
      }
    } finally {
      await writeIdentifiers(given.text("jobs-file-path"), job, started, world);
    }
    return exitStatus.passed;
  },
};

async function connectAsGangway(given: Arguments, world: World): Promise<Api> {
  const { MY_APPCI_TOKEN: token, SLIPWAY_URL: known, ...others } = world.env;
  const apiUrl = given.text("api-url");
  const env = {
    ...others,
    SLIPWAY_URL: apiUrl === undefined ? known : readUrl(apiUrl, "--api-url"),
    ...token && { SLIPWAY_TOKEN: token, SLIPWAY_KEY: undefined },
  };
  const server = findServer(given, env, await world.config.read());
  return connectTo(server, given, world);
}

/** Starts one, and waits for its URL, which it has when a runner has taken it up. */
async function start(
  api: Api,
  job: string,
  body: string,
  world: World,
): Promise<{ id: string; identifier: RunIdentifier }> {
  const path = `/v1/executions/${pathPart(job)}`;
  const headers = { "content-type": "application/json" };
  const idempotencyKey = world.uuid();
  const answer = await api.ask({
    method: "POST",
    path,
    headers,
    body,
    idempotencyKey,
  });
  const { id } = readAnswer(answer, executionSchema, api.server.url);
  const run = await untilStarted(api, id, world);
  const shown = await api.json(
    { path: `/v1/executions/${pathPart(id)}` },
    executionSchema,
  );
  return {
    id,
    identifier: {
      JobName: job,
      JobRunID: String(run.number),
      JobURL: shown.job_url,
    },
  };
}

async function untilStarted(api: Api, id: string, world: World): Promise<Run> {
  let told: string | null = null;
  for (let wait = 0;; wait = waitSeconds) {
    const path = `/v1/runs/${pathPart(id)}?wait=${wait}`;
    const timeoutMs = (wait + 30) * 1000;
    const run = await api.json({ path, timeoutMs }, runSchema);
    if (run.startedAt !== null || endOf(run) !== null) return run;
    if (run.message && run.message !== told) {
      world.screen.tell(printable(run.message));
    }
    told = run.message;
  }
}

async function writeIdentifiers(
  folder: string | undefined,
  job: string,
  started: readonly RunIdentifier[],
  world: World,
): Promise<void> {
  if (folder === undefined || started.length === 0) return;
  const name = identifierFileName(job, world.clock.now());
  const path = `${folder.replace(/\/+$/, "")}/${name}`;
  await world.writeFile(path, `${JSON.stringify(started)}\n`);
  world.screen.tell(`Run identifiers are in ${path}`);
}
