import * as z from "zod";

/** What `slipway.config.ts` may set. */
export const optionsSchema = z.strictObject({
  /** Answers 500 where Gangway does although the caller is at fault, for clients that look for it. */
  strict: z.boolean().default(false),
  /** For jobs that set no `timeout`; Prow's default. */
  timeoutSeconds: z.number().positive().default(24 * 3600),
  /** For jobs that set no `grace_period`; Prow's default. */
  graceSeconds: z.number().positive().default(15),
  /**
   * Which tenants' jobs each caller may run and cancel, by `user:NAME`,
   * `group:NAME` or `*` for those that are not named; `*` stands for every
   * tenant. Without it everybody has all.
   */
  tenants: z.record(
    z.string().regex(
      /^(\*|(user|group):.+)$/s,
      "expected user:NAME, group:NAME or *",
    ),
    z.array(z.string().min(1)),
  ).optional(),
  /** The tenant of jobs that name none themselves, by `org/repo`, `org` or `*`: Prow's `prowjob_default_entries`. */
  defaultTenants: z.record(z.string(), z.string().min(1)).default({}),
  /** Answers a bulk call with 202 and a sentence, as OpenShift's proxy did for a time, instead of 200 and `{}` (gangway 89). */
  bulkAccepted: z.boolean().default(false),
  /** Name of the bucket in Prow's storage paths; the files are Slipway's own. */
  bucket: z.string().regex(
    /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    "expected 3 to 63 of a-z, 0-9, '.', '_' and '-'",
  ).default("slipway"),
  /** Lets everybody read Deck's endpoints without signing in, as Prow does; private runs stay hidden. */
  publicDeck: z.boolean().default(false),
});

export type Options = z.output<typeof optionsSchema>;
