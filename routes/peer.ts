/**
 * The address of whoever opened the connection, out of what `Deno.serve` and
 * `deno serve` hand to a handler; undefined on platforms that do not say it, and
 * on a Unix socket.
 */
export function peerOf(info: unknown): string | undefined {
  const address = member(member(info, "remoteAddr"), "hostname");
  return typeof address === "string" ? address : undefined;
}

function member(value: unknown, name: string): unknown {
  // Deno's are getters of a class, which no listing of own members shows.
  return typeof value === "object" && value !== null
    ? Reflect.get(value, name)
    : undefined;
}
