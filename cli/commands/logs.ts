import { toRefusal, toUnreachable } from "../answer.ts";
import { type Api, pathPart } from "../api.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { followRun } from "../follow.ts";
import { LogPrinter } from "../log_printer.ts";
import { retryDelayMs } from "../retry.ts";
import { jsonText } from "../terminal_text.ts";
import { Interrupted } from "../failure.ts";

const patienceMs = 30_000;

/** A piece of a log, and the bytes of it that are there so far. */
type Bytes = Uint8Array<ArrayBuffer>;

/** `slipway logs` */
export const logs: Command = {
  name: "logs",
  summary: "Show a run's log",
  words: [{ name: "ID" }],
  options: [
    { name: "follow", short: "f", help: "go on until the run ends" },
    { name: "raw", help: "the log as it is, control sequences too" },
  ],
  details:
    `Colours are kept on a terminal. Other control sequences are left out, unless --raw is given.
With --json each piece of the log is a JSON text on a line.`,
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    const printer = new LogPrinter(world.screen, { isRaw: given.has("raw") });
    const push = given.has("json")
      ? (text: string) => world.screen.print(jsonText(text))
      : (text: string) => printer.push(text);
    const texts = given.has("follow")
      ? followLog(api, id)
      : decode(read(api, id));
    try {
      for await (const text of texts) push(text);
    } finally {
      printer.end();
    }
    return exitStatus.passed;
  },
};

async function* followLog(api: Api, id: string): AsyncGenerator<string> {
  for await (const event of followRun(api, id)) {
    if (event.kind === "log") yield event.text;
  }
}

async function* decode(source: AsyncIterable<Bytes>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of source) {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

/** The log as far as it is written; what breaks off is gone on with. */
async function* read(api: Api, id: string): AsyncGenerator<Bytes> {
  const { clock, random, interrupt, tell } = api.lent;
  let offset = 0;
  let heardAt = clock.now();
  for (let failures = 1;; failures++) {
    try {
      for await (const bytes of readOnce(api, id, offset)) {
        offset += bytes.byteLength;
        failures = 0;
        heardAt = clock.now();
        yield bytes;
      }
      return;
    } catch (error) {
      const delayMs = retryDelayMs({
        error,
        failures: Math.max(1, failures),
        elapsedMs: clock.now() - heardAt,
        patienceMs: api.lent.patienceMs ?? patienceMs,
        isRepeatable: true,
      }, random);
      if (delayMs === null) throw error;
      tell(`${error instanceof Error ? error.message : error}; going on`);
      await clock.sleep(delayMs, interrupt);
    }
  }
}

async function* readOnce(
  api: Api,
  id: string,
  offset: number,
): AsyncGenerator<Bytes> {
  const path = `/v1/runs/${pathPart(id)}/log?offset=${offset}`;
  const gone = new AbortController();
  const { url } = api.server;
  const response = await api.open({ path }, gone.signal);
  try {
    if (!response.ok) {
      const { status, headers } = response;
      const answer = { status, headers, text: await response.text() };
      throw toRefusal(answer, url, api.lent.clock.now());
    }
    for await (const bytes of unbroken(response, api)) yield bytes;
  } finally {
    gone.abort();
  }
}

async function* unbroken(
  { body }: Response,
  api: Api,
): AsyncGenerator<Bytes> {
  try {
    yield* body ?? [];
  } catch (error) {
    if (api.lent.interrupt.aborted) throw new Interrupted();
    throw toUnreachable(error, api.server.url);
  }
}
