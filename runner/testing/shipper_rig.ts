import { silentLog } from "../../core/log.ts";
import type { Assignment } from "../../core/protocol.ts";
import { Client } from "../client.ts";
import { systemClock } from "../clock.ts";
import { LogShipper, type ShipperLent } from "../log_shipper.ts";
import { FakeClock } from "./fake_clock.ts";
import {
  type Asked,
  problemAnswer,
  startScriptedServer,
} from "./scripted_server.ts";

/** An assignment, for requests that name one. */
export const assignment: Assignment = {
  run: { id: "run-1", number: 1, attempt: 1, backend: "dummy", job: "a" },
  labels: {},
  task: {},
  attemptToken: "attempt-token",
  serverUrl: "http://ci.example.org",
};
export const lease = { leaseUntil: 5, cancel: false };

/** A log as a server keeps it: bytes only ever join at its end. */
export class StoredLog {
  bytes = new Uint8Array();
  readonly requests: { start: number; sizeBytes: number }[] = [];

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  take({ headers, body }: Asked): Response {
    const start = Number(
      /^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1],
    );
    this.requests.push({ start, sizeBytes: body.byteLength });
    const isRepeated = start + body.byteLength <= this.bytes.byteLength;
    if (isRepeated) return Response.json(lease, { status: 202 });
    if (start !== this.bytes.byteLength) {
      return problemAnswer(
        416,
        "wrong_offset",
        this.bytes.byteLength === 0
          ? {}
          : { range: `bytes=0-${this.bytes.byteLength - 1}` },
      );
    }
    const whole = new Uint8Array(start + body.byteLength);
    whole.set(this.bytes);
    whole.set(body, start);
    this.bytes = whole;
    return Response.json(lease, { status: 202 });
  }
}

/** A shipper, and what it told its owner. */
export type Rig = {
  readonly shipper: LogShipper;
  readonly failures: unknown[];
  readonly heeded: unknown[];
};

/** A shipper on a real connection to a server; retries take no time, flushing does. */
export async function withShipper(
  respond: (asked: Asked) => Response | Promise<Response>,
  test: (rig: Rig) => Promise<void>,
  lent: Partial<ShipperLent> = {},
): Promise<void> {
  await using server = startScriptedServer(respond);
  const client = new Client({
    serverUrl: server.url,
    fetch,
    clock: new FakeClock(),
    now: () => 0,
    random: () => 1,
    log: silentLog,
  });
  const failures: unknown[] = [];
  const heeded: unknown[] = [];
  const { signal } = new AbortController();
  const shipper = new LogShipper({
    send: (start, bytes) => client.log(assignment, start, bytes, signal),
    heed: (lease) => heeded.push(lease),
    onFailure: (error) => failures.push(error),
    flushMs: 5,
    clock: systemClock,
    random: () => 0,
    ...lent,
  });
  await test({ shipper, failures, heeded });
}

/** Numbered lines, so that what is missing or doubled shows. */
export function lines(count: number): string {
  return Array.from({ length: count }, (_, at) => `line ${at}\n`).join("");
}
