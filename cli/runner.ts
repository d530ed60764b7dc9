import * as z from "zod";
import { type Api, pathPart } from "./api.ts";
import { agoText } from "./duration_text.ts";
import { UsageError } from "./failure.ts";

/** A runner as the native API shows it; times are epoch ms. */
export const runnerSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(["active", "paused", "revoked"]),
  offers: z.array(z.record(z.string(), z.array(z.string()))),
  version: z.string(),
  registeredAt: z.number(),
  seenAt: z.number(),
  running: z.int(),
  runs: z.array(z.int()),
});

export type Runner = z.output<typeof runnerSchema>;

const listSchema = z.object({ runners: z.array(runnerSchema) });

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Runners speak at least once a minute; one that is silent for longer has ended. */
const silenceMs = 300_000;

/** All runners that the server lists, the one that was seen last first. */
export async function listRunners(
  api: Api,
  options: { readonly all: boolean },
): Promise<readonly Runner[]> {
  const path = `/v1/runners${options.all ? "?all=true" : ""}`;
  return (await api.json({ path }, listSchema)).runners;
}

/**
 * The id of the runner that a word names. An id needs no list, which not everybody may see who may do the rest.
 *
 * @throws UsageError when no runner is called so, or several are.
 */
export async function findRunnerId(api: Api, word: string): Promise<string> {
  if (uuid.test(word)) return word.toLowerCase();
  const runners = await listRunners(api, { all: false });
  return pickRunner(runners, word, api.lent.clock.now()).id;
}

/**
 * The runner of a name. A runner that starts again is another one of the same
 * name, so of several the one that is there counts.
 *
 * @throws UsageError
 */
export function pickRunner(
  runners: readonly Runner[],
  name: string,
  now: number,
): Runner {
  const named = runners.filter((each) => each.name === name);
  const live = named.filter(({ state, seenAt }) =>
    state !== "revoked" && seenAt > now - silenceMs
  );
  const [one, ...others] = live.length > 0 ? live : named;
  if (one === undefined) {
    throw new UsageError(
      `There is no runner ${JSON.stringify(name)}; see slipway runner list`,
    );
  }
  if (others.length === 0) return one;
  const ids = [one, ...others].map(({ id }) => id);
  throw new UsageError(
    `${ids.length} runners are called ${JSON.stringify(name)}; use one of ${
      ids.join(", ")
    }`,
  );
}

/** Where one runner is found. */
export function runnerPath(id: string, verb?: string): string {
  const path = `/v1/runners/${pathPart(id)}`;
  return verb === undefined ? path : `${path}/${verb}`;
}

/** Headings of `runnerColumns`. */
export const runnerHeading = [
  "ID",
  "NAME",
  "STATE",
  "RUNNING",
  "SEEN",
  "BACKENDS",
  "VERSION",
] as const;

/** The columns of `slipway runner list`, for people. */
export function runnerColumns(runner: Runner, now: number): string[] {
  return columns(runner, agoText(now - runner.seenAt));
}

/** The same for programs: exact times. */
export function runnerFields(runner: Runner): string[] {
  return columns(runner, new Date(runner.seenAt).toISOString());
}

function columns(runner: Runner, seen: string): string[] {
  const { id, name, state, running, offers, version } = runner;
  const backends = new Set(offers.flatMap(({ backend = [] }) => backend));
  return [
    id,
    name,
    state,
    String(running),
    seen,
    [...backends].join(","),
    version,
  ];
}

/** All that is known of a runner, a name and a value a line. */
export function runnerFacts(runner: Runner): string[][] {
  const { id, name, state, version, running, runs, offers } = runner;
  const at = (ms: number) => new Date(ms).toISOString();
  return [
    ["id", id],
    ["name", name],
    ["state", state],
    ["version", version],
    ["registered", at(runner.registeredAt)],
    ["seen", at(runner.seenAt)],
    ["running", String(running)],
    ["runs", runs.join(" ")],
    ...offers.map((offer) => ["offers", offerText(offer)]),
  ];
}

function offerText(offer: Runner["offers"][number]): string {
  return Object.entries(offer).map(([label, values]) =>
    `${label}=${values.join(",")}`
  ).join(" ");
}
