import * as z from "zod";

/** What the executor is to do: nothing in it needs to be looked up or filled in. */
export const taskSchema = z.object({
  steps: z.array(z.object({
    name: z.string(),
    run: z.string(),
    shell: z.enum(["bash", "sh"]).optional(),
    env: z.record(z.string(), z.string()),
  })).min(1),
  timeoutSeconds: z.number().positive(),
  /** The variables that every step has. */
  env: z.record(z.string(), z.string()),
});

export type Task = z.output<typeof taskSchema>;
