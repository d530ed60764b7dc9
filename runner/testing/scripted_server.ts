/** What a test's server was asked. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
};

/** Answers one request. */
export type Respond = (asked: Asked) => Response | Promise<Response>;

/** A real HTTP server that answers as a test says. */
export type ScriptedServer = AsyncDisposable & {
  readonly url: string;
  readonly asked: readonly Asked[];
};

/** Serves on a free port, and remembers what it was asked. */
export function startScriptedServer(respond: Respond): ScriptedServer {
  const asked: Asked[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const one = {
        method: request.method,
        path: new URL(request.url).pathname,
        headers: request.headers,
        body: await request.bytes(),
      };
      asked.push(one);
      return await respond(one);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Answers in the order given; the last answer stays. */
export function inTurn(...answers: readonly Respond[]): Respond {
  let next = 0;
  return (asked) => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    if (!answer) throw new Error("There is no answer to give");
    return answer(asked);
  };
}

/** An answer whose connection breaks in the middle. */
export function brokenAnswer(): Response {
  return new Response(new Blob(['{"lease']).stream(), {
    headers: { "content-type": "application/json", "content-length": "100" },
  });
}

/** A refusal as Slipway writes it. */
export function problemAnswer(
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ status, code, detail: `Cannot: ${code}` }, {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}
