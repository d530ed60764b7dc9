import { Api } from "./api.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError } from "./failure.ts";
import { findServer, type Server } from "./server.ts";
import type { World } from "./world.ts";

/**
 * The server that a command is to ask.
 *
 * @throws UsageError when none is known.
 */
export async function connect(given: Arguments, world: World): Promise<Api> {
  const { config, screen } = world;
  if (await config.isOpenToOthers().catch(() => false)) {
    screen.tell(
      `Warning: others may read ${config.path()}; close it with chmod 600`,
    );
  }
  const server = findServer(given, world.env, await config.read());
  return connectTo(server, given, world);
}

/** A server with a credential that is not kept yet. */
export function connectTo(
  server: Server,
  given: Arguments,
  { fetch, clock, random, interrupt, screen }: World,
): Api {
  return new Api(server, {
    fetch,
    clock,
    random,
    interrupt,
    tell: screen.tell,
    patienceMs: readPatience(given.text("retry-for")),
  });
}

function readPatience(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  throw new UsageError("--retry-for is a whole number of seconds");
}
