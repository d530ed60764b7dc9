import { assertEquals, assertRejects } from "@std/assert";
import { Connection, type Exchange } from "./connection.ts";

const get: Exchange = { method: "GET", path: "/a", headers: {} };

function serve(answer: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    answer,
  );
  return {
    port: server.addr.port,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("a connection serves one request after the other", async () => {
  await using server = serve(async (request) =>
    new Response(
      [
        request.method,
        new URL(request.url).pathname,
        request.headers.get("name"),
        await request.text(),
      ].join(" "),
    )
  );
  using connection = await Connection.open(server.port);
  const texts = [];
  for (const body of ["one", "zwölf"]) {
    const exchange: Exchange = {
      method: "POST",
      path: "/b",
      headers: { name: "value" },
      body,
    };
    const answer = await connection.ask(exchange);
    texts.push(new TextDecoder().decode(answer.body));
  }
  assertEquals(texts, ["POST /b value one", "POST /b value zwölf"]);
});

Deno.test("an answer larger than any buffer arrives whole", async () => {
  const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
  await using server = serve(() => new Response(bytes));
  using connection = await Connection.open(server.port);
  const { status, body } = await connection.ask(get);
  assertEquals(status, 200);
  assertEquals(body, bytes);
});

Deno.test("an answer without a body is told by its status", async () => {
  await using server = serve(() => new Response(null, { status: 204 }));
  using connection = await Connection.open(server.port);
  assertEquals((await connection.ask(get)).status, 204);
  assertEquals((await connection.ask(get)).body.length, 0);
});

Deno.test("an answer of unknown length is refused, not guessed at", async () => {
  await using server = serve(() =>
    new Response(ReadableStream.from([new Uint8Array(3)]))
  );
  using connection = await Connection.open(server.port);
  await assertRejects(() => connection.ask(get), Error, "it has no length");
});
