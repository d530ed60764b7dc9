/**
 * Britney's load: one request with 5,000 tests, over HTTP until the answer that
 * they are stored.
 *
 * @module
 */
import { print } from "../scripts/script.ts";
import { Connection, type Exchange } from "./connection.ts";
import { distributionOf } from "./distribution.ts";
import { startTarget } from "./target.ts";

const testsPerRequest = 5000;
const requests = 15;

await using target = await startTarget({
  database: "embedded",
  fill: { storedTests: 1000, queuedExecutions: 0 },
});
const headers = { "auth-key": target.fixture.authKey };

const single: Exchange = {
  method: "POST",
  path: "/api/v1/test/unstable/amd64/hello",
  headers: {
    ...headers,
    "content-type": "application/x-www-form-urlencoded",
  },
  body: "",
};

print(`
| request                     |  p50 ms |  max ms |
| --------------------------- | ------- | ------- |`);
await measure("one test", 201, 100, () => single);
await measure("5,000 tests, new packages", 201, 1, (at) => upload(at, true));
await measure("5,000 tests", 201, requests, (at) => upload(at, true));
await measure(
  "5,000 tests, the last is bad",
  400,
  requests,
  (at) => upload(at, false),
);

/** An uploaded file, as curl sends it. */
function upload(round: number, isGood: boolean): Exchange {
  const tests = Array.from({ length: testsPerRequest }, (_, at) => ({
    package: `package${at}`,
    trigger: `glibc/2.41-${round} gcc-15/15.2.0-${at}`,
    "pin-packages": [["src:glibc,src:gcc-15", "unstable"]],
  }));
  if (!isGood) tests.push({ package: "Bad", trigger: "", "pin-packages": [] });
  const boundary = "------------------------d74496d66958873e";
  const body =
    `--${boundary}\r\nContent-Disposition: form-data; name="tests"; filename="tests.json"\r\nContent-Type: application/octet-stream\r\n\r\n${
      JSON.stringify(tests)
    }\r\n--${boundary}--\r\n`;
  return {
    method: "POST",
    path: "/api/v1/test/testing/amd64",
    headers: {
      ...headers,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
    body,
  };
}

async function measure(
  name: string,
  status: number,
  times: number,
  exchange: (round: number) => Exchange,
): Promise<void> {
  using connection = await Connection.open(target.port);
  const tookMs: number[] = [];
  for (let round = 0; round < times; round++) {
    const request = exchange(round);
    const startedAt = performance.now();
    const answer = await connection.ask(request);
    tookMs.push(performance.now() - startedAt);
    if (answer.status !== status) {
      const text = new TextDecoder().decode(answer.body);
      throw new Error(`Cannot measure ${name}: ${answer.status} ${text}`);
    }
  }
  const { p50 } = distributionOf(tookMs);
  const figures = [p50, Math.max(...tookMs)].map((ms) =>
    ms.toFixed(1).padStart(7)
  );
  print(`| ${[name.padEnd(27), ...figures].join(" | ")} |`);
}
