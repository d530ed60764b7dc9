/**
 * The least that a server here can do: reads the request's body and answers
 * with as many bytes as the path names (`/300`). `/cpu` answers with the CPU
 * time of the whole process so far, in µs.
 */
export async function answerBarely(request: Request): Promise<Response> {
  if (request.body !== null) await request.text();
  const size = request.url.slice(request.url.lastIndexOf("/") + 1);
  return new Response(size === "cpu" ? cpuMicroseconds() : bodyOf(size), {
    headers: { "content-type": "application/json" },
  });
}

const bodies = new Map<string, string>();

function bodyOf(size: string): string {
  const known = bodies.get(size);
  if (known !== undefined) return known;
  const body = "x".repeat(Number(size));
  bodies.set(size, body);
  return body;
}

function cpuMicroseconds(): string {
  const { user, system } = process.cpuUsage();
  return String(user + system);
}
