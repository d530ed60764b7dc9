import type { RunSummary } from "../../core/run.ts";
import { State } from "./state.tsx";
import { Name } from "./text.tsx";
import { duration, Time } from "./time.tsx";

/** Runs, one a row. With `form` each has a box, `run`, which belongs to the form of that id. */
export function RunTable(
  { runs, now, caption, form }: {
    runs: readonly RunSummary[];
    now: number;
    caption: string;
    form?: string | undefined;
  },
) {
  return (
    <table class="runs">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">State</th>
          <th scope="col">Job</th>
          <th scope="col">On</th>
          <th scope="col">Owner</th>
          <th scope="col">Asked for</th>
          <th scope="col">Took</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => <Row run={run} now={now} form={form} />)}
      </tbody>
    </table>
  );
}

function Row(
  { run, now, form }: {
    run: RunSummary;
    now: number;
    form: string | undefined;
  },
) {
  const { startedAt, finishedAt } = run;
  const tookMs = startedAt === null
    ? null
    : Math.max(0, (finishedAt ?? now) - startedAt);
  return (
    <tr>
      <th scope="row" data-label="Run">
        {form !== undefined && (
          <input
            class="tick"
            type="checkbox"
            name="run"
            value={String(run.number)}
            form={form}
            aria-label={`Choose run ${run.number}`}
          />
        )}
        <a href={`/runs/${run.number}`}>#{run.number}</a>
      </th>
      <td data-label="State">
        <State state={run.state} />
      </td>
      <td data-label="Job" class="job">
        <a href={`/runs?${new URLSearchParams({ job: run.job })}`}>
          <Name text={run.job} />
        </a>
        {run.isPrivate && <small class="tag">private</small>}
      </td>
      <td data-label="On">
        <Labels labels={run.labels} />
      </td>
      <td data-label="Owner">
        <a href={`/runs?${new URLSearchParams({ owner: run.owner.name })}`}>
          <Name text={run.owner.name} />
        </a>
      </td>
      <td data-label="Asked for">
        <Time at={run.createdAt} now={now} />
      </td>
      <td data-label="Took">{tookMs === null ? "–" : duration(tookMs)}</td>
    </tr>
  );
}

/** What a run needs of a runner, in the order in which it is named: its backend first. */
export function Labels(
  { labels }: { labels: { readonly [name: string]: string } },
) {
  const { backend, ...others } = labels;
  const values = [
    ...backend === undefined ? [] : [["backend", backend] as const],
    ...Object.entries(others),
  ];
  return (
    <>
      {values.map(([name, value], at) => (
        <span title={name}>
          {at > 0 && " · "}
          <Name text={value} />
        </span>
      ))}
    </>
  );
}
