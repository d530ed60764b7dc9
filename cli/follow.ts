import * as z from "zod";
import { readAnswer, toRefusal, toUnreachable } from "./answer.ts";
import { type Api, pathPart } from "./api.ts";
import { EventParser, type ServerEvent } from "./event_parser.ts";
import { Interrupted, Unreachable } from "./failure.ts";
import { backoffMs, retryDelayMs } from "./retry.ts";
import { endOf, type Run, runSchema } from "./run.ts";

/** Something that happened to a run. */
export type RunEvent =
  | { readonly kind: "state"; readonly id: string; readonly run: Run }
  | { readonly kind: "log"; readonly id: string; readonly text: string };

/** The server says something every 15 s; a connection that is silent for longer is dead. */
const silenceMs = 50_000;

/** Somebody who watches has time: a server may be away for a while. */
const usualPatienceMs = 600_000;

/**
 * Every change of a run's state and all of its log, until it ends. A
 * connection that breaks off is made anew, after the last event (Last-Event-ID).
 *
 * @throws Refused at once, Unreachable when the server stays away, Interrupted.
 */
export async function* followRun(
  api: Api,
  id: string,
): AsyncGenerator<RunEvent> {
  const { clock, random, interrupt, tell } = api.lent;
  const patienceMs = api.lent.patienceMs ?? usualPatienceMs;
  let lastId = "";
  let heardAt = clock.now();
  let failures = 0;
  while (true) {
    let delayMs: number | null = backoffMs(failures, random);
    try {
      for await (const event of readOnce(api, id, lastId)) {
        if (event !== null) {
          lastId = event.id;
          yield event;
          if (event.kind === "state" && endOf(event.run) !== null) return;
        }
        failures = 0;
        heardAt = clock.now();
      }
      failures++;
    } catch (error) {
      failures++;
      const elapsedMs = clock.now() - heardAt;
      delayMs = retryDelayMs(
        { error, failures, elapsedMs, patienceMs, isRepeatable: true },
        random,
      );
      if (delayMs === null) throw error;
      const why = error instanceof Error ? error.message : String(error);
      tell(`${why}; going on as soon as it answers`);
    }
    await clock.sleep(delayMs, interrupt);
    if (interrupt.aborted) throw new Interrupted();
  }
}

/** The events of one connection; null is a sign of life. */
async function* readOnce(
  api: Api,
  id: string,
  lastId: string,
): AsyncGenerator<RunEvent | null> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(tooSilent()), silenceMs);
  try {
    const response = await api.open({
      path: `/v1/runs/${pathPart(id)}/events`,
      headers: {
        accept: "text/event-stream",
        ...lastId !== "" && { "last-event-id": lastId },
      },
    }, silence.signal);
    if (!response.ok) {
      const { status, headers } = response;
      const answer = { status, headers, text: await response.text() };
      throw toRefusal(answer, api.server.url, api.lent.clock.now());
    }
    const parser = new EventParser();
    const texts = (response.body ?? new Blob([]).stream())
      .pipeThrough(new TextDecoderStream());
    for await (const text of unbroken(texts, api)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(tooSilent()), silenceMs);
      yield null;
      for (const event of parser.push(text)) yield* toRunEvent(event, api);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

async function* unbroken(
  texts: ReadableStream<string>,
  api: Api,
): AsyncGenerator<string> {
  try {
    yield* texts;
  } catch (error) {
    if (api.lent.interrupt.aborted) throw new Interrupted();
    if (error instanceof Unreachable) throw error;
    throw toUnreachable(error, api.server.url);
  }
}

function tooSilent(): DOMException {
  return new DOMException("silent for too long", "TimeoutError");
}

function* toRunEvent(
  { id, event, data }: ServerEvent,
  api: Api,
): Generator<RunEvent> {
  const text = data;
  const { url } = api.server;
  if (event === "state") {
    yield { kind: "state", id, run: readAnswer({ text }, runSchema, url) };
  }
  if (event === "log") {
    yield { kind: "log", id, text: readAnswer({ text }, z.string(), url) };
  }
}
