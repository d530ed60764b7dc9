import type { Executor, Host } from "../core/executor.ts";

/** What `SLIPWAY_EXECUTORS` calls an executor. */
export function executorName(executor: Executor): string {
  return `${executor.backend}:${executor.name}`;
}

/**
 * The executors of these names, each once.
 *
 * @throws TypeError that names what there is when a name is unknown or none is given.
 */
export function chooseExecutors(
  all: readonly Executor[],
  names: readonly string[],
): readonly Executor[] {
  const known = all.map((executor) =>
    `  ${executorName(executor)}  ${executor.summary}`
  ).join("\n");
  if (names.length === 0) {
    throw new TypeError(
      `Cannot choose executors: SLIPWAY_EXECUTORS is not set; name one or more, separated by commas, of\n${known}`,
    );
  }
  const unknown = names.filter((name) =>
    !all.some((executor) => executorName(executor) === name)
  );
  if (unknown.length > 0) {
    throw new TypeError(
      `Cannot choose executors: SLIPWAY_EXECUTORS names ${
        unknown.join(", ")
      }, but there are only\n${known}`,
    );
  }
  return all.filter((executor) => names.includes(executorName(executor)));
}

/** Asks each executor whether it can work here; those that cannot come with their reasons. */
export async function sortOutUnready(
  executors: readonly Executor[],
  host: Host,
): Promise<{
  ready: readonly Executor[];
  unready: readonly { executor: Executor; reason: string }[];
}> {
  const asked = await Promise.all(executors.map(async (executor) => ({
    executor,
    reason: await whyUnready(executor, host),
  })));
  return {
    ready: asked.filter(({ reason }) => reason === null)
      .map(({ executor }) => executor),
    unready: asked.flatMap(({ executor, reason }) =>
      reason === null ? [] : [{ executor, reason }]
    ),
  };
}

async function whyUnready(
  executor: Executor,
  host: Host,
): Promise<string | null> {
  try {
    return await executor.unready(host);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
