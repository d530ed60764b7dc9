/**
 * The runner protocol, version 1: HTTP/1.1 and JSON, spoken by runners to
 * `/runner/v1`. Times are the server's, intervals come from the server.
 *
 * | Verb | Path | Authorization: Bearer | Answer |
 * |---|---|---|---|
 * | POST | /register | registration token, or an account's that has `runners:register` | 200 registration |
 * | POST | /renew | runner token | 200 renewal |
 * | POST | /claim | runner token | 200 assignment, 204 nothing to do |
 * | POST | /runs/:id/start | attempt token | 200 lease |
 * | POST | /runs/:id/heartbeat | attempt token | 200 lease |
 * | PATCH | /runs/:id/log | attempt token | 202 lease; 416 with `Range` says where to go on |
 * | PUT | /runs/:id/artifacts?path= | attempt token | 200; the same file again changes nothing |
 * | PUT | /runs/:id/result | attempt token | 200; 412 when the log is not whole yet |
 * | POST | /runs/:id/release | attempt token | 200; the run goes back to its queue |
 *
 * A request without a token is a 401, before anything else of it is read. A
 * write of an attempt that is no longer the live one is a 409 and changes nothing.
 * A result is answered alike whether it ends the run or leads to another attempt later.
 */
import * as z from "zod";

/** The store's texts hold no NUL, and UTF-8 no half of a character; what a program printed may have either. */
const text = z.string().overwrite((given) =>
  given.toWellFormed().replaceAll("\0", "\ufffd")
);

const label = z.string().min(1).max(200);

/** Schema of an `Offer`. */
export const offerSchema = z.record(label, z.array(label).max(500));

/** Body of `register`. */
export const registerSchema = z.object({
  name: text.min(1).max(200),
  offers: z.array(offerSchema).min(1).max(50),
  version: text.max(50),
});

/** Answer to `register`. */
export const registrationSchema = z.object({
  runnerId: z.string(),
  token: z.string(),
  intervals: z.object({
    /** How long a claim waits for work. */
    claimWaitSeconds: z.number(),
    heartbeatSeconds: z.number(),
    leaseSeconds: z.number(),
    logFlushMs: z.number(),
    /** After so long a runner takes another token; never, when the server does not say. */
    renewSeconds: z.number().optional(),
  }),
});

/** Answer to `renew`. */
export const renewalSchema = z.object({ token: z.string() });

/** Body of `claim`. The same `claimId` gets the same run, so a lost answer loses no work. */
export const claimSchema = z.object({
  claimId: z.uuid(),
  /** What the runner has room for now. */
  offers: z.array(offerSchema).max(50),
  waitSeconds: z.number().min(0).max(60).default(50),
});

/** Answer to `claim`: a run to carry out. */
export const assignmentSchema = z.object({
  run: z.object({
    id: z.string(),
    number: z.number(),
    attempt: z.number(),
    backend: z.string(),
    job: z.string(),
  }),
  labels: z.record(z.string(), z.string()),
  task: z.record(z.string(), z.unknown()),
  attemptToken: z.string(),
  serverUrl: z.string(),
});

/** Answer to `start`, `heartbeat` and `log`. */
export const leaseSchema = z.object({
  leaseUntil: z.number(),
  /** The runner is to stop the work and report `cancelled`. */
  cancel: z.boolean(),
});

/** Findings are plain values, or lists of them: enough for versions, counts and summaries. */
const plain = z.union([text.max(10_000), z.number(), z.boolean(), z.null()]);
const fact = z.union([plain, z.array(plain).max(1_000)]);
const facts = z.record(text.max(100), fact)
  .refine((each) => Object.keys(each).length <= 100, "expected at most 100")
  .optional();

/** Schema of an `End`, as a runner reports it. `lost` is the server's to say. */
export const endSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("exited"),
    exitCode: z.int().min(0).max(255),
    facts,
  }),
  z.object({
    kind: z.literal("timed_out"),
    timeoutSeconds: z.number().min(0),
    facts,
  }),
  z.object({ kind: z.literal("cancelled") }),
  z.object({ kind: z.literal("not_started"), reason: text.max(10_000) }),
]);

/** Body of `result`. */
export const resultSchema = z.object({
  end: endSchema,
  /** Bytes of log that the attempt wrote; the server must have them all first. */
  logBytes: z.int().min(0),
});

export type Registration = z.output<typeof registrationSchema>;
export type Renewal = z.output<typeof renewalSchema>;
export type Assignment = z.output<typeof assignmentSchema>;
export type Lease = z.output<typeof leaseSchema>;
export type ReportedEnd = z.output<typeof endSchema>;

/** Largest body of JSON: of `register`, `claim` and `result`. */
export const maxJsonBytes = 1024 * 1024;

/** Largest log chunk that one PATCH may carry. */
export const maxLogChunkBytes = 1024 * 1024;

/** Largest log of one attempt; a runner cuts what is longer and says so in the log. */
export const maxLogBytes = 50 * 1024 * 1024;
