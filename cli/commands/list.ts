import * as z from "zod";
import { runStates } from "../../core/run.ts";
import type { Api } from "../api.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { UsageError } from "../failure.ts";
import { type Run, runSchema } from "../run.ts";
import { runColumns, runFields } from "../run_lines.ts";
import { printTable } from "../table.ts";
import { jsonText } from "../terminal_text.ts";
import { readTime } from "../time_text.ts";

const pageSchema = z.object({
  runs: z.array(runSchema),
  next: z.string().nullable(),
});

/** Most runs that the server gives at a time. */
const maxPage = 500;

const filters = ["backend", "job", "state", "owner"] as const;

/** `slipway list` */
export const list: Command = {
  name: "list",
  summary: "List runs, the newest first",
  words: [],
  options: [
    { name: "backend", value: "NAME", help: "such as prow or autopkgtest" },
    { name: "job", value: "NAME", help: "the job or package" },
    { name: "state", value: "STATE", choices: runStates, help: "as it is now" },
    { name: "owner", value: "NAME", help: "a user's or a group's" },
    {
      name: "since",
      value: "TIME",
      help: "asked for since then: 12h, 7d, 2026-01-31, 2026-01-31T12:00Z",
    },
    { name: "until", value: "TIME", help: "asked for until then" },
    { name: "limit", value: "NUMBER", help: "how many at most (50)" },
  ],
  details:
    `In a pipe each run is a line with tabs between number, state, job, backend, owner, times made, started and
finished, and id. With --json it is one JSON list. Days and times are UTC unless they say otherwise; a day of --until is
in the list.`,
  async run(given, world) {
    const limit = readLimit(given.text("limit") ?? "50");
    const query = toListQuery(given, world.clock.now());
    const api = await connect(given, world);
    const runs = await listRuns(api, query, limit);
    if (given.has("json")) {
      world.screen.print(jsonText(runs));
      return exitStatus.passed;
    }
    const now = world.clock.now();
    printTable(
      world.screen,
      {
        heading: ["RUN", "STATE", "JOB", "BACKEND", "OWNER", "MADE", "TOOK"],
        rows: runs.map((run) => runColumns(run, now)),
      },
      runs.map(runFields),
      "There are no such runs.",
    );
    return exitStatus.passed;
  },
};

/**
 * The filter that the arguments mean.
 *
 * @throws UsageError
 */
export function toListQuery(
  given: Pick<Arguments, "text">,
  now: number,
): URLSearchParams {
  const [since, until] = [given.text("since"), given.text("until")];
  return new URLSearchParams([
    ...filters.flatMap((name) => {
      const value = given.text(name);
      return value === undefined ? [] : [[name, value]];
    }),
    ...since === undefined ? [] : [["from", readTime("since", since, now)]],
    ...until === undefined ? [] : [["to", readTime("until", until, now)]],
  ]);
}

/** So many of the runs that match, over as many pages as it takes. */
async function listRuns(
  api: Api,
  query: URLSearchParams,
  limit: number,
): Promise<Run[]> {
  const found: Run[] = [];
  for (let next: string | null = ""; next !== null && found.length < limit;) {
    const asked = new URLSearchParams(query);
    asked.set("limit", String(Math.min(maxPage, limit - found.length)));
    if (next !== "") asked.set("cursor", next);
    const page = await api.json({ path: `/v1/runs?${asked}` }, pageSchema);
    found.push(...page.runs);
    next = page.next;
  }
  return found;
}

/** @throws UsageError */
export function readLimit(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError("--limit is a whole number from 1 to 999999");
}
