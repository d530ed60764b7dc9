import * as z from "zod";

/** What the dummy executor is to do. Exactly one of these. */
export const actionSchema = z.union([
  z.strictObject({
    exit: z.int().min(0).max(255),
    /** Written to the log, a line each, before leaving. */
    print: z.array(z.string().max(10_000)).max(10_000).default([]),
  }).meta({ title: "Exit" }),
  z.strictObject({
    /** Then exits with 0, unless it is cancelled or takes longer than `timeoutSeconds`. */
    sleepSeconds: z.number().min(0),
    timeoutSeconds: z.number().positive().exactOptional(),
  }).meta({ title: "Sleep" }),
  z.strictObject({
    /** The reason. */
    failToStart: z.string().min(1).max(1_000),
  }).meta({ title: "FailToStart" }),
  z.strictObject({
    /** The executor throws an error of this message. */
    crash: z.string().min(1).max(1_000),
  }).meta({ title: "Crash" }),
  z.strictObject({
    /** An argument vector that runs as a real process. */
    command: z.tuple([z.string()], z.string()),
    timeoutSeconds: z.number().positive().default(60),
    graceSeconds: z.number().positive().default(5),
  }).meta({ title: "Command" }),
]);

/** A run's task. */
export const taskSchema = z.object({ do: actionSchema });

export type Action = z.output<typeof actionSchema>;
