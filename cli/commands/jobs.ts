import * as z from "zod";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { printTable } from "../table.ts";
import { jsonText } from "../terminal_text.ts";
import { readLimit } from "./list.ts";

const jobSchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  org: z.string().nullable(),
  repo: z.string().nullable(),
  branches: z.array(z.string()),
});

const pageSchema = z.object({
  jobs: z.array(jobSchema),
  next: z.string().nullable(),
});

type Job = z.output<typeof jobSchema>;

/** Most jobs that the server gives at a time. */
const maxPage = 500;

const filters = ["type", "org", "repo"] as const;

/** `slipway jobs` */
export const jobs: Command = {
  name: "jobs",
  summary: "Search the Prow jobs that there are",
  words: [{ name: "SEARCH", isOptional: true }],
  options: [
    {
      name: "type",
      value: "TYPE",
      choices: ["periodic", "presubmit", "postsubmit"],
      help: "periodic, presubmit or postsubmit",
    },
    { name: "org", value: "ORG", help: "of the repository" },
    { name: "repo", value: "REPO", help: "REPO or ORG/REPO" },
    { name: "limit", value: "NUMBER", help: "how many at most (50)" },
  ],
  details: `SEARCH is a part of the name, whatever its case.
In a pipe each job is a line with tabs between name, type, repository and branches.`,
  async run(given, world) {
    const limit = readLimit(given.text("limit") ?? "50");
    const [name] = given.words;
    const query = new URLSearchParams(name === undefined ? {} : { name });
    for (const filter of filters) {
      const value = given.text(filter);
      if (value !== undefined) query.set(filter, value);
    }
    const api = await connect(given, world);
    const found: Job[] = [];
    for (let next: string | null = ""; next !== null && found.length < limit;) {
      query.set("limit", String(Math.min(maxPage, limit - found.length)));
      if (next !== "") query.set("cursor", next);
      const page = await api.json({ path: `/v1/jobs?${query}` }, pageSchema);
      found.push(...page.jobs);
      next = page.next;
    }
    if (given.has("json")) {
      world.screen.print(jsonText(found));
      return exitStatus.passed;
    }
    const rows = found.map(toRow);
    const heading = ["JOB", "TYPE", "REPOSITORY", "BRANCHES"];
    printTable(
      world.screen,
      { heading, rows },
      rows,
      "There are no such jobs.",
    );
    return exitStatus.passed;
  },
};

function toRow({ name, type, org, repo, branches }: Job): string[] {
  const repository = org === null ? "" : `${org}/${repo}`;
  return [name, type, repository, branches.join(" ")];
}
