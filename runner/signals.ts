import type { Log } from "../core/log.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens for the wish to stop: the first signal drains, the second shuts down. */
export function onSignals(log: Log): {
  readonly drain: AbortSignal;
  readonly shutdown: AbortSignal;
  /** Shuts down without a signal. */
  stop(why: string): void;
  /** Stops listening. */
  close(): void;
} {
  const drain = new AbortController();
  const shutdown = new AbortController();
  const onSignal = () => {
    if (!drain.signal.aborted) {
      log("info", "Finishing what is running; a second signal stops it");
      drain.abort();
    } else if (!shutdown.signal.aborted) {
      log("info", "Stopping what is running and giving it back");
      shutdown.abort();
    }
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return {
    drain: drain.signal,
    shutdown: shutdown.signal,
    stop(why) {
      log("info", `${why}: stopping what is running`);
      drain.abort();
      shutdown.abort();
    },
    close() {
      for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    },
  };
}
