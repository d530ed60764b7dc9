import type { Work } from "../../../../core/executor.ts";
import { Mask } from "./mask.ts";

/** The same work, but no secret gets into its log. */
export function maskedWork(work: Work, secrets: readonly string[]): Work {
  const whole = new Mask(secrets);
  if (whole.isEmpty) return work;
  return {
    ...work,
    log: (chunk) => {
      const text = typeof chunk === "string"
        ? chunk
        : new TextDecoder().decode(chunk);
      work.log(whole.text(text));
    },
    async spawn(command) {
      const mask = new Mask(secrets);
      const end = await work.spawn({
        ...command,
        rewrite: (chunk) => mask.push(chunk),
      });
      work.log(mask.flush());
      return end;
    },
  };
}
