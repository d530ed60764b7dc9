import type { Executor, Host, Work } from "../core/executor.ts";
import type { Log } from "../core/log.ts";
import type { Assignment, ReportedEnd } from "../core/protocol.ts";
import { StaleAttempt } from "./call.ts";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import { LogShipper } from "./log_shipper.ts";
import { runCommand } from "./process.ts";
import { backoffMs } from "./retry.ts";
import { closingLine, type Finding, reportedEnd } from "./reported_end.ts";
import { Stop } from "./stop.ts";
import { makeWorkFolder, type WorkFolder } from "./work_folder.ts";
import { toUploadedFile } from "./uploaded_file.ts";

/** What an attempt is lent. */
export type AttemptLent = {
  readonly client: Client;
  readonly executor: Executor;
  readonly host: Host;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly heartbeatSeconds: number;
  readonly logFlushMs: number;
  /** Aborted when the runner must go at once: the work is stopped and given back. */
  readonly shutdown: AbortSignal;
};

/** What became of an attempt. */
export type AttemptOutcome =
  | { readonly kind: "reported"; readonly end: ReportedEnd }
  /** The server had given the run to somebody else; the result is thrown away. */
  | { readonly kind: "stale" }
  /** Given back to its queue because the runner had to go. */
  | { readonly kind: "released" };

/** How long the end of an attempt is offered to a server that does not answer. */
const deliverySeconds = 3600;
/** The same, when the runner must go. */
const hastyDeliverySeconds = 15;

/**
 * Carries out one assignment: start, work, heartbeats and log meanwhile, result.
 * The work folder is gone before the result is told.
 *
 * @throws Refused or Retryable when the server does not take what it is told.
 */
export async function runAttempt(
  assignment: Assignment,
  lent: AttemptLent,
): Promise<AttemptOutcome> {
  const stop = new Stop();
  const over = new AbortController();
  const delivery = new AbortController();
  const shutDown = () => stop.because("shutdown");
  lent.shutdown.addEventListener("abort", shutDown, { once: true });
  if (lent.shutdown.aborted) shutDown();
  const shipper = createShipper(assignment, lent, stop, delivery.signal);
  let beating = Promise.resolve();
  try {
    stop.heed(await lent.client.start(assignment));
    beating = keepAlive(assignment, lent, stop, over.signal);
    const finding = await work(assignment, lent, stop, shipper);
    if (stop.reason === "stale") return { kind: "stale" };
    if (stop.reason === "shutdown") {
      await lent.client.release(assignment);
      return { kind: "released" };
    }
    const end = reportedEnd(finding.result, stop.reason);
    const line = closingLine(end);
    if (line !== null && !finding.lastLine.includes(line)) {
      shipper.writeLine(line);
    }
    void limitDelivery(lent, delivery, over.signal);
    await deliver(assignment, lent, { end, shipper, signal: delivery.signal });
    return { kind: "reported", end };
  } catch (error) {
    if (error instanceof StaleAttempt) return { kind: "stale" };
    throw error;
  } finally {
    lent.shutdown.removeEventListener("abort", shutDown);
    over.abort();
    delivery.abort();
    shipper.abandon();
    await beating;
  }
}

function createShipper(
  assignment: Assignment,
  lent: AttemptLent,
  stop: Stop,
  delivery: AbortSignal,
): LogShipper {
  return new LogShipper({
    send: (start, bytes) => lent.client.log(assignment, start, bytes, delivery),
    heed: (lease) => stop.heed(lease),
    onFailure(error) {
      if (error instanceof StaleAttempt) stop.because("stale");
      else {
        lent.log("error", `Cannot ship the log: ${messageOf(error)}`, {
          run: assignment.run.id,
        });
      }
    },
    flushMs: lent.logFlushMs,
    clock: lent.clock,
    random: lent.random,
  });
}

/** Beats, 25 % early to 25 % late, until the attempt is over. A beat that fails is made up for by the next. */
async function keepAlive(
  assignment: Assignment,
  lent: AttemptLent,
  stop: Stop,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const seconds = lent.heartbeatSeconds * (0.75 + 0.5 * lent.random());
    await lent.clock.sleep(seconds * 1000, over);
    if (over.aborted) return;
    try {
      stop.heed(await lent.client.heartbeat(assignment, over));
    } catch (error) {
      if (over.aborted) return;
      if (error instanceof StaleAttempt) stop.because("stale");
      else lent.log("warn", `Cannot beat: ${messageOf(error)}`);
    }
  }
}

/** Lets the executor do the work in a fresh folder. Never throws. */
async function work(
  assignment: Assignment,
  lent: AttemptLent,
  stop: Stop,
  shipper: LogShipper,
): Promise<{ result: Finding; lastLine: string }> {
  let lastLine = "";
  let folder: WorkFolder | null = null;
  try {
    if (stop.signal.aborted) {
      return { result: { end: { kind: "cancelled" } }, lastLine };
    }
    folder = await makeWorkFolder();
    const lentWork: Work = {
      run: assignment.run,
      serverUrl: assignment.serverUrl,
      directory: folder.path,
      log(chunk) {
        if (typeof chunk === "string") lastLine = chunk;
        shipper.write(chunk);
      },
      signal: stop.signal,
      spawn: (command) =>
        runCommand(command, {
          output: (chunk) => shipper.write(command.rewrite?.(chunk) ?? chunk),
          signal: stop.signal,
        }),
      upload: async (path, content, contentType) =>
        await lent.client.upload(
          assignment,
          await toUploadedFile(path, content, contentType),
          stop.unwanted,
        ),
      now: lent.now,
    };
    const end = await lent.executor.run(assignment.task, lentWork, lent.host);
    return { result: { end }, lastLine };
  } catch (thrown) {
    return { result: { thrown }, lastLine };
  } finally {
    await folder?.remove(lent.log);
  }
}

/** Ships the rest of the log and then the result, as often as the server misses some of the log. */
async function deliver(
  assignment: Assignment,
  lent: AttemptLent,
  what: { end: ReportedEnd; shipper: LogShipper; signal: AbortSignal },
): Promise<void> {
  const { end, shipper, signal } = what;
  let logBytes = await shipper.finish();
  for (let tries = 1;; tries++) {
    const body = { end, logBytes };
    const answer = await lent.client.result(assignment, body, signal);
    if (answer.kind === "recorded") return;
    await lent.clock.sleep(backoffMs(tries, lent.random), signal);
    logBytes = await shipper.resume(answer.start);
  }
}

/** Ends the delivery when it has taken too long, sooner when the runner must go. */
async function limitDelivery(
  lent: AttemptLent,
  delivery: AbortController,
  over: AbortSignal,
): Promise<void> {
  await lent.clock.sleep(
    deliverySeconds * 1000,
    AbortSignal.any([over, lent.shutdown]),
  );
  if (lent.shutdown.aborted) {
    await lent.clock.sleep(hastyDeliverySeconds * 1000, over);
  }
  if (over.aborted) return;
  delivery.abort(
    new Error("the server did not take the result for too long"),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
