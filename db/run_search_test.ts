import { assert, assertEquals } from "@std/assert";
import { sql } from "../core/database.ts";
import type { Facet } from "../core/facet.ts";
import { systemIds } from "../core/id.ts";
import type { PageFilter } from "../core/page_data.ts";
import { endStates, type RunState, runStates } from "../core/run.ts";
import { openEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { coreMigrations } from "./migrations/mod.ts";
import { PageStore } from "./page_store.ts";
import { RunSearch } from "./run_search.ts";
import { openStore } from "./store.ts";

const facet = (name: string): Facet => ({
  name,
  label: name,
  members: [name],
});
const facets = new Map([["a", [facet("suite"), facet("arch")]], [
  "b",
  [facet("suite")],
]]);
const durations = { ackMs: 1, leaseMs: 1 };

/** A run as the test knows it. */
type Known = {
  readonly number: number;
  readonly backend: string;
  readonly job: string;
  readonly owner: string;
  readonly state: RunState;
  readonly suite: string;
  readonly arch: string;
};

/** A store with many runs of few values, and what they are. */
async function fill(count: number) {
  const database = openEmbedded(":memory:");
  const now = () => 1_000;
  await migrate(database, [{ owner: "core", migrations: coreMigrations }], now);
  const store = openStore(database, now, systemIds(now), durations, { facets });
  const pick = picker(7);
  const known: Known[] = [];
  const owners = new Map(
    await Promise.all(["x", "y", "z"].map(async (name) => {
      const { account } = await store.accounts.ensure("user", name, []);
      return [name, account.id] as const;
    })),
  );
  while (known.length < count) {
    const backend = pick(["a", "a", "b"]);
    const owner = pick(["x", "x", "x", "y", "z"]);
    const submissions = Array.from({ length: 200 }, () => {
      const [job, state, suite, arch] = [
        pick(["j1", "j1", "j2", "j3"]),
        pick(runStates),
        pick(["s1", "s1", "s2"]),
        pick(["r1", "r2", "r3"]),
      ];
      const number = known.length + 1;
      known.push({ number, backend, job, owner, state, suite, arch });
      const labels = { backend };
      return { job, request: { suite, arch }, task: {}, labels };
    });
    await store.runs.submit(backend, {
      account: owners.get(owner) ?? 0,
      name: owner,
    }, submissions);
  }
  await database.batch([
    sql`update run set state = value ->> 'state'
      from json_each(${JSON.stringify(known)})
      where run.number = value ->> 'number'`,
  ]);
  return { database, known, pick, owners };
}

/** Draws from lists, the same with each seed. */
function picker(seed: number) {
  let state = seed;
  return <T>(list: readonly T[]): T => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const found = list[Math.floor(state / 65_536) % list.length];
    assert(found !== undefined);
    return found;
  };
}

function fits(run: Known, filter: PageFilter): boolean {
  const { facets: values = {} } = filter;
  return (filter.backend ?? run.backend) === run.backend &&
    (filter.backends?.includes(run.backend) ?? true) &&
    (filter.job ?? run.job) === run.job &&
    (filter.ownerName ?? run.owner) === run.owner &&
    (filter.states?.includes(run.state) ?? true) &&
    (filter.numbers?.includes(run.number) ?? true) &&
    (values.suite ?? run.suite) === run.suite &&
    (values.arch === undefined ||
      run.backend === "a" && values.arch === run.arch) &&
    run.number < (filter.before ?? Infinity) &&
    run.number > (filter.above ?? 0);
}

Deno.test("a page has just the newest runs of its filter, whichever parts it has", async () => {
  const { database, known, pick, owners } = await fill(6_000);
  const backends = ["a", "b"];
  const searches = [
    { fewRuns: [1_000, 12_000], maxFacets: 64 },
    { fewRuns: [], maxFacets: 64 },
    { fewRuns: [500], maxFacets: 1 },
  ].map((limits) =>
    new PageStore(
      database,
      backends,
      new RunSearch(database, backends, limits),
    )
  );
  const newest = known.toReversed();
  for (let round = 0; round < 600; round++) {
    const pages = pick(searches);
    const maybe = <T>(part: T) => pick([part, {}, {}]);
    const filter: PageFilter = {
      ...maybe({ backend: pick(["a", "b", "c"]) }),
      ...maybe({ backends: pick([["a"], ["b"], ["a", "b"], []]) }),
      ...maybe({ job: pick(["j1", "j2", "none"]) }),
      ...maybe({ ownerName: pick(["x", "y", "nobody"]) }),
      ...maybe({ owner: owners.get("x") ?? 0, ownerName: "x" }),
      ...maybe({
        states: pick<readonly RunState[]>([endStates, ["failed"], ["queued"]]),
      }),
      ...maybe({ facets: { suite: pick(["s1", "s2", "none"]) } }),
      ...maybe({ facets: { arch: pick(["r1", "r2"]), suite: "s1" } }),
      ...pick([maybe({ before: 3_000 }), maybe({ above: 3_000 })]),
      ...maybe({ numbers: [1, 2, 3, 2_999, 3_001, 5_999, 99_999] }),
    };
    const what = JSON.stringify(filter);
    const wanted = newest.filter((run) => fits(run, filter));
    const page = filter.above === undefined
      ? wanted.slice(0, 30)
      : wanted.slice(-30);
    assertEquals(
      (await pages.list({ ...filter, limit: 30 })).map(({ number }) => number),
      page.map(({ number }) => number),
      what,
    );
    const ended = wanted.filter(({ state }) =>
      endStates.some((end) => end === state)
    );
    const { above: _, ...below } = filter;
    if (filter.above !== undefined) continue;
    assertEquals(
      (await pages.endings(below, 100)).map(({ state }) => state).toSorted(),
      ended.slice(0, 100).map(({ state }) => state).toSorted(),
      what,
    );
  }
  database.close();
});
