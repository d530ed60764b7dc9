import type { RunOwner } from "../core/backend.ts";
import { type Row, sql, type Statement } from "../core/database.ts";
import { type Facet, facetPairs } from "../core/facet.ts";
import { type Labels, queueKey } from "../core/label.ts";
import type { Run, Submission } from "../core/run.ts";
import { madeAt } from "./changed_at.ts";
import { nextFair } from "./turn.ts";

/** Runs that one backend wants for one owner. */
export type RunOrder = {
  readonly backend: string;
  readonly owner: RunOwner;
  readonly submissions: readonly Submission[];
};

/** Runs that are about to be stored. */
type NewRuns = RunOrder & {
  /** One for each submission. */
  readonly ids: readonly string[];
  /** What the backend's runs are filtered by. */
  readonly facets: readonly Facet[];
  /** Epoch ms. */
  readonly now: number;
};

/** The queue and priority that some of the runs go to. */
type Group = {
  readonly queueKey: string;
  readonly labels: string;
  readonly priority: number;
  readonly index: number;
  /** How many queued runs it has so far. */
  turns: number;
};

/** The statements that make the runs, one for any number of them; the last of the three answers what `madeRuns` reads. */
export function insertRuns(made: NewRuns): [Statement, Statement, Statement] {
  const { groups, facets, rows } = arrange(made);
  const { backend, owner, now } = made;
  const places = JSON.stringify(groups);
  const pairs = JSON.stringify(facets);
  return [
    sql`insert into queue (key, labels)
        select distinct value ->> 'queueKey', value ->> 'labels' from json_each(${places})
        where true on conflict (key) do nothing`,
    sql`insert into run_facet (backend, pairs)
        select ${backend}, value from json_each(${pairs})
        where true on conflict (backend, pairs) do nothing`,
    sql`
    with place as materialized (
      select key as place, ${
      nextFair({
        queueKey: sql`(value ->> 'queueKey')`,
        priority: sql`(value ->> 'priority')`,
        owner: sql`${owner.account}`,
      })
    } as fair, value ->> 'queueKey' as queue_key, value ->> 'priority' as priority
      from json_each(${places})
    ), facet as materialized (
      select json_each.key as place, run_facet.id from json_each(${pairs})
      join run_facet on run_facet.backend = ${backend} and run_facet.pairs = json_each.value
    ), made as materialized (
      select ${madeAt(now, backend, owner.account)} as at
    )
    insert into run (
      id, backend, job, owner, owner_name, is_private, request, task, queue_key, priority, fair,
      state, message, created_at, queued_at, updated_at, finished_at, retry_delays, facet
    )
    select value ->> 0, ${backend}, value ->> 1, ${owner.account}, ${owner.name}, value ->> 2,
      value ->> 3, value ->> 4, place.queue_key, place.priority, place.fair + (value ->> 6),
      value ->> 7, value ->> 8, ${now}, ${now}, made.at,
      case when value ->> 9 then ${now} end, value ->> 10, facet.id
    from json_each(${
      JSON.stringify(rows)
    }) as row, made join place on place.place = row.value ->> 5
    left join facet on facet.place = row.value ->> 11
    order by row.key
    returning id, number, updated_at`,
  ];
}

/** The runs as they are stored now, in the order of the submissions. */
export function madeRuns(made: NewRuns, stored: readonly Row[]): Run[] {
  const byId = new Map(stored.map((row) => [String(row.id), row]));
  const { backend, owner, now } = made;
  return made.submissions.map((submission, at) => {
    const id = made.ids[at] ?? "";
    const row = byId.get(id);
    return {
      id,
      number: Number(row?.number),
      backend,
      job: submission.job,
      owner: { account: owner.account, name: owner.name },
      isPrivate: submission.isPrivate ?? false,
      request: submission.request,
      task: submission.task,
      labels: submission.labels,
      priority: submission.priority ?? 0,
      state: submission.outcome?.state ?? "queued",
      attempt: 0,
      lostAttempts: 0,
      runnerId: null,
      cancelRequestedAt: null,
      createdAt: now,
      queuedAt: now,
      notBefore: null,
      startedAt: null,
      finishedAt: submission.outcome ? now : null,
      updatedAt: Number(row?.updated_at),
      end: null,
      message: submission.outcome?.message ?? null,
      logBytes: 0,
    };
  });
}

/** Each run's values as an array, which SQLite reads faster than an object; a run that is queued has its turn in its group. */
function arrange({ submissions, ids, facets }: NewRuns) {
  const groupOf = grouping();
  const facetAt = new Map<string, number>();
  const facetOf = ({ request }: Submission) => {
    const pairs = JSON.stringify(facetPairs(facets, request));
    const at = facetAt.get(pairs) ?? facetAt.size;
    facetAt.set(pairs, at);
    return at;
  };
  const groups: Group[] = [];
  const rows = submissions.map((submission, at) => {
    const { labels, priority = 0, outcome, retryDelaysSeconds } = submission;
    const group = groupOf(labels, priority);
    if (group.index === groups.length) groups.push(group);
    return [
      ids[at],
      submission.job,
      Number(submission.isPrivate ?? false),
      JSON.stringify(submission.request),
      JSON.stringify(submission.task),
      group.index,
      outcome ? 0 : group.turns++,
      outcome?.state ?? "queued",
      outcome?.message ?? null,
      Number(outcome !== undefined),
      retryDelaysSeconds?.length ? JSON.stringify(retryDelaysSeconds) : null,
      facets.length === 0 ? null : facetOf(submission),
    ];
  });
  return { groups, facets: [...facetAt.keys()], rows };
}

/** Finds the group of labels and a priority, or makes it. Keys are remembered by the labels' spelling: making one takes longer. */
function grouping(): (labels: Labels, priority: number) => Group {
  const keys = new Map<string, string>();
  const groups = new Map<string, Group>();
  return (labels, priority) => {
    const text = JSON.stringify(labels);
    const key = keys.get(text) ?? queueKey(labels);
    keys.set(text, key);
    const name = `${priority} ${key}`;
    const known = groups.get(name);
    if (known) return known;
    const group = {
      queueKey: key,
      labels: text,
      priority,
      index: groups.size,
      turns: 0,
    };
    groups.set(name, group);
    return group;
  };
}
