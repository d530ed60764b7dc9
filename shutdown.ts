/** How long open requests may take once the server was told to stop. */
export const shutdownMs = 5_000;

/**
 * Resolves at the first signal to stop. Who signals again does not want to
 * wait: the process then ends at once, with 130.
 */
export function untilSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (isStopping) Deno.exit(130);
      isStopping = true;
      resolve();
    });
  }
  return promise;
}

/** Waits for what should end, but no longer than `shutdownMs`. Whether it ended in time. */
export async function endsInTime(ending: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), shutdownMs);
  const inTime = await Promise.race([ending.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
