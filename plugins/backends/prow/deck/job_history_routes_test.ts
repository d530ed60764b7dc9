import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { bodies, type DeckRig, startDeck } from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";

const buildsSchema = z.array(z.strictObject({
  SpyglassLink: z.string(),
  ID: z.string(),
  Started: z.string(),
  Duration: z.number(),
  Result: z.string(),
  Refs: z.record(z.string(), z.unknown()).nullable(),
}));

/** The ways in which public scripts cut the builds out of the page; all must find the same. */
const scrapers: readonly ((html: string) => string | undefined)[] = [
  (html) => /var\s+allBuilds\s*=\s*(\[[\s\S]*?\]);\s*\n/.exec(html)?.[1],
  (html) => /allBuilds\s*=\s*(\[.*?\]);/.exec(html)?.[1],
  (html) => /var\s+allBuilds\s*=\s*(\[.*?\]);\s*<\/script>/s.exec(html)?.[1],
  (html) =>
    html.slice(
      html.indexOf("var allBuilds = ") + "var allBuilds = ".length,
      html.indexOf(";\n</script>"),
    ),
  (html) =>
    html.split("\n").find((line) => line.includes("allBuilds"))
      ?.slice(0, -1).trim().replace("var allBuilds = ", ""),
];

function scrape(html: string) {
  const [first, ...others] = scrapers.map((cut) =>
    buildsSchema.parse(JSON.parse(cut(html) ?? ""))
  );
  for (const other of others) assertEquals(other, first);
  return first ?? [];
}

function older(html: string): string | undefined {
  return /href="([^"]+\?buildId=\d+)">&lt;- Older Runs/.exec(html)?.[1];
}

function newer(html: string): string | undefined {
  return /href="([^"]+\?buildId=\d*)">Newer Runs -&gt;/.exec(html)?.[1];
}

Deno.test("a job's history holds its builds as scripts expect them", async () => {
  await using rig = await startDeck();
  await rig.run(bodies.verify, { kind: "exited", exitCode: 1 });
  await rig.create(bodies.verify);
  rig.app.advance(1000);
  await (await rig.claim()).start();
  rig.app.advance(61_400);
  const html = await rig.text(
    "/job-history/gs/slipway/pr-logs/directory/verify",
  );
  const { refs } = bodies.verify;
  const link = "/view/gs/slipway/pr-logs/pull/o_r/5/verify";
  assertEquals(scrape(html), [
    {
      SpyglassLink: `${link}/2`,
      ID: "2",
      Started: "2026-01-02T03:04:06Z",
      Duration: 61e9,
      Result: "PENDING",
      Refs: refs,
    },
    {
      SpyglassLink: `${link}/1`,
      ID: "1",
      Started: "2026-01-02T03:04:05Z",
      Duration: 0,
      Result: "FAILURE",
      Refs: refs,
    },
  ]);
  await rig.text(`${link}/1`);
  assertEquals([older(html), newer(html)], [undefined, undefined]);
});

Deno.test("a history has only builds of its job and type that have begun", async () => {
  await using rig = await startDeck();
  const { number } = await rig.run(bodies.hello);
  await rig.run(bodies.verify);
  await rig.create(bodies.hello);
  const html = await rig.text("/job-history/gs/slipway/logs/hello");
  assertEquals(scrape(html).map(({ ID }) => ID), [String(number)]);
  await rig.text("/job-history/gs/slipway/logs/verify", 404);
});

Deno.test("old links, without the storage's name, lead to the same page", async () => {
  await using rig = await startDeck();
  await rig.run(bodies.hello);
  assertEquals(
    await rig.text("/job-history/slipway/logs/hello"),
    await rig.text("/job-history/gs/slipway/logs/hello"),
  );
});

Deno.test("a long history comes in pages of 20 that lead back and forth", async () => {
  await using rig = await startDeck();
  await runMany(rig, 50);
  const pages: string[][] = [];
  const paths: string[] = [];
  let path: string | undefined = "/job-history/gs/slipway/logs/hello";
  let html = "";
  for (; path !== undefined && pages.length < 9; path = older(html)) {
    html = await rig.text(path);
    paths.push(path);
    pages.push(scrape(html).map(({ ID }) => ID));
  }
  assertEquals(pages.map(({ length }) => length), [20, 20, 10]);
  assertEquals(
    pages.flat(),
    Array.from({ length: 50 }, (_, at) => String(50 - at)),
  );
  assertStringIncludes(html, ">Latest Runs</a>");
  const back = newer(html);
  assertEquals(back, paths[1]);
  const first = newer(await rig.text(back ?? ""));
  assertEquals(scrape(await rig.text(first ?? ""))[0]?.ID, "50");
});

async function runMany(rig: DeckRig, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const id = await rig.create(bodies.hello);
    await rig.app.request(`/v1/runs/${id}/cancel`, { user, method: "POST" });
  }
}

const refusals: readonly (readonly [string, number, RegExp])[] = [
  ["gs/slipway/logs/none", 404, /failed to locate build data/],
  ["gs/other/logs/hello", 404, /bucket "other": here it is called "slipway"/],
  ["gs/slipway", 400, /invalid path for job/],
  ["gs/slipway/elsewhere/hello", 400, /use gs\/BUCKET\/logs\/JOB/],
  ["gs/slipway/logs/hello?buildId=x", 400, /invalid value for buildId: "x"/],
  ["gs/slipway/logs/hello?buildId=0", 400, /invalid value for buildId/],
  ["gs/slipway/logs/hello?buildId=-1", 400, /invalid value for buildId/],
];

for (const [path, status, message] of refusals) {
  Deno.test(`/job-history/${path} is a ${status}`, async () => {
    await using rig = await startDeck();
    await rig.run(bodies.hello);
    assertMatch(await rig.text(`/job-history/${path}`, status), message);
  });
}
