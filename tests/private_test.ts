import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { type Database, sql } from "../core/database.ts";
import { openEmbedded } from "../db/embedded.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { type DebciRig, startDebci } from "./debci.ts";

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** What only the private test has in it: its package, its version, its log. */
const secret = "embargoed-package";
const secretWords = [secret, "6.6.6-embargoed", "log of the embargo"];

/** What identifies a test in a path. */
type Names = {
  readonly id: string;
  readonly number: number;
  readonly package: string;
};

/** Every GET of the running app, out of its own OpenAPI document, as paths to fill in. */
async function readPaths({ app }: DebciRig): Promise<string[]> {
  const document = await (await app.request("/openapi.json")).json();
  return Object.entries(documentSchema.parse(document).paths).flatMap((
    [path, methods],
    // Without an end, and told of no more than that something has changed.
  ) => "get" in methods && path !== "/events" ? [path] : []);
}

/** The paths that a route has for a test: each id where an id belongs, and each file that there may be. */
function fill(path: string, { id, number, package: name }: Names): string[] {
  const files = [
    "log.gz",
    "artifacts.tar.gz",
    "exitcode",
    "summary",
    "unstable-amd64.json",
    `${name}.xml`,
  ];
  const values: Readonly<Record<string, readonly string[]>> = {
    id: [id, String(number)],
    run_id: [id, String(number)],
    run: [String(number)],
    build: [String(number)],
    job: [name],
    package: [name],
    prefix: [name.slice(0, 1)],
    suite: ["unstable"],
    arch: ["amd64"],
    file: files,
    year: ["2026"],
    month: ["01"],
    day: ["02.json"],
    bucket: ["slipway"],
    path: ["exitcode", `logs/${name}/${number}/build-log.txt`],
  };
  const queries = [
    "",
    `?prowjob=${id}`,
    `?job=${name}&id=${number}`,
    `?job=${name}`,
    `?jobs=${name}`,
    "?since=0&view=full",
  ];
  let filled = [path];
  for (const [, key = ""] of path.matchAll(/\{(\w+)\}/g)) {
    filled = filled.flatMap((each) =>
      (values[key] ?? [id, String(number), name]).map((value) =>
        each.replace(`{${key}}`, value)
      )
    );
  }
  return filled.flatMap((each) => queries.map((query) => each + query));
}

/** What an answer tells: all but what differs each time. */
async function told(
  rig: DebciRig,
  path: string,
  who: Parameters<DebciRig["app"]["request"]>[1],
  names: Names,
) {
  // Following ends at once where there is nothing to follow.
  const response = await rig.app.request(path, who);
  const text = await response.text();
  const headers = [...response.headers].filter(([name]) =>
    name !== "x-request-id"
  );
  const plain = (words: string) =>
    words.replaceAll(names.id, "ID").replaceAll(names.package, "PACKAGE")
      .replaceAll(
        new RegExp(`(?<![\\d.])${names.number}(?![\\d.])`, "g"),
        "NUMBER",
      )
      .replaceAll(/"requestId":"[^"]+"/g, "");
  return {
    status: response.status,
    headers: plain(JSON.stringify(headers)),
    text: plain(text),
    raw: text,
  };
}

const strangers = [
  { user: "bob" },
  { user: "bob", role: "viewer" },
  {},
] as const;

for (const publicData of [true, false]) {
  Deno.test(`a private test is looked for through every route, as another user, anonymously and by its ids: it looks like one that is not there (public data: ${publicData})`, async () => {
    await using rig = await startDebci(
      { publicData },
      {},
      [prow({ publicDeck: publicData }), dummy()],
    );
    await rig.run({ package: "visible", user: "carol" });
    // A number that occurs nowhere by chance.
    await rig.app.database.batch([
      sql`update sqlite_sequence set seq = 765431 where name = 'run'`,
    ]);
    const number = await rig.run(
      { package: secret, isPrivate: true, user: "alice" },
      {
        version: secretWords[1] ?? "",
        log: secretWords[2] ?? "",
        files: { "exitcode": "0\n", "log.gz": "x", "artifacts.tar.gz": "y" },
      },
    );
    const run = await rig.app.app.store.runs.findByNumber(number);
    assert(run);
    const hidden: Names = { id: run.id, number, package: secret };
    const missing: Names = {
      id: "0190ffff-ffff-7fff-bfff-ffffffffffff",
      number: 987_654,
      package: "elsewhere-package",
    };
    const paths = await readPaths(rig);
    assert(paths.length > 30, `there are ${paths.length} paths to read`);
    let found = 0;
    for (const path of paths) {
      const [theirs, nobodys] = [fill(path, hidden), fill(path, missing)];
      for (const [at, filled] of theirs.entries()) {
        for (const who of strangers) {
          const real = await told(rig, filled, who, hidden);
          const none = await told(rig, nobodys[at] ?? "", who, missing);
          const what = `${filled} as ${JSON.stringify(who)}`;
          assertEquals(real.status, none.status, what);
          assertEquals(real.headers, none.headers, what);
          assertEquals(real.text, none.text, what);
          if (real.status !== 200) continue;
          const echoed = filled.includes(secret);
          for (const word of secretWords) {
            if (echoed && word === secret) continue;
            assert(!real.raw.includes(word), `${what} tells of ${word}`);
          }
        }
        const own = await rig.app.request(filled, { user: "alice" });
        if ((await own.text()).includes("embargo")) found++;
      }
    }
    assert(found > 3, `its owner finds it by ${found} paths`);
  });
}

Deno.test("counts, status files, histories and feeds are the same to the byte with a private test and without", async () => {
  const files = async (isThere: boolean) => {
    await using rig = await startDebci();
    await rig.run({ package: "visible" });
    rig.app.advance(72_000);
    if (isThere) {
      await rig.ask({ package: "visible", isPrivate: true, user: "carol" });
      rig.app.advance(-12_000);
      await rig.end({ exitCode: 4, version: "6.6.6" });
    }
    const texts: string[] = [];
    for (
      const path of [
        "/data/status/unstable/amd64/packages.json",
        "/data/status/unstable/amd64/status.json",
        "/data/status/unstable/amd64/history.json",
        "/data/packages/v/visible/unstable-amd64.json",
        "/data/feeds/v/visible.xml",
      ]
    ) {
      const response = await rig.app.request(path);
      const headers = [...response.headers].filter(([name]) =>
        name !== "x-request-id"
      );
      texts.push(`${JSON.stringify(headers)}\n${await response.text()}`);
    }
    return texts;
  };
  assertEquals(await files(true), await files(false));
});

Deno.test("looking for a private test takes as many questions to the store as for one that is not there", async () => {
  const inner = openEmbedded(":memory:");
  let questions = 0;
  const database: Database = {
    query(statement) {
      questions++;
      return inner.query(statement);
    },
    batch: (statements) => inner.batch(statements),
    close: () => inner.close(),
  };
  await using rig = await startDebci({}, { database });
  await rig.run({ package: "visible" });
  const number = await rig.run({ package: secret, isPrivate: true });
  const ask = async (path: string) => {
    const before = questions;
    await rig.text(path, 404);
    return questions - before;
  };
  const folder = `/data/autopkgtest/unstable/amd64/e/${secret}`;
  const asked = await ask(`${folder}/${number}/log.gz`);
  assert(asked > 0);
  assertEquals(asked, await ask(`${folder}/987654/log.gz`));
  assertEquals(
    await ask(`/data/packages/e/${secret}/unstable-amd64.json`),
    await ask("/data/packages/e/elsewhere/unstable-amd64.json"),
  );
  assertEquals(
    await ask(`/data/feeds/e/${secret}.xml`),
    await ask("/data/feeds/e/elsewhere.xml"),
  );
});
