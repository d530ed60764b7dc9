import * as z from "zod";

/** Longest wait of one request; proxies cut longer silences off. */
const maxWaitSeconds = 60;

/** `?wait=SECONDS`: answer when something has changed, or after that time. */
export const waitQuery = z.object({
  wait: z.coerce.number().min(0).max(maxWaitSeconds).default(0).meta({
    description:
      `Seconds, up to ${maxWaitSeconds}, to wait for another state before answering`,
  }),
});
