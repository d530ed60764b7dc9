import * as z from "zod";

/** What a runner is to do. Plain data: whatever the executor needs to know stands in it. */
export const taskSchema = z.strictObject({
  /** An argument vector: no shell reads it. */
  command: z.tuple([z.string().min(1)], z.string()),
  timeoutSeconds: z.number().positive().max(86_400).default(600),
});
