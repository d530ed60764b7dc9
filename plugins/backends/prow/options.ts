import * as z from "zod";

/** What `slipway.config.ts` may set. */
export const optionsSchema = z.strictObject({
  /** Answers 500 where Gangway does although the caller is at fault, for clients that look for it. */
  strict: z.boolean().default(false),
  /** For jobs that set no `timeout`; Prow's default. */
  timeoutSeconds: z.number().positive().default(24 * 3600),
  /** For jobs that set no `grace_period`; Prow's default. */
  graceSeconds: z.number().positive().default(15),
});

export type Options = z.output<typeof optionsSchema>;
