import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { answerPage, duration, Name, Time } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { requireReadable } from "./access.ts";
import { ChangeTable } from "./change_table.tsx";
import { cursorText, cut, readCursor } from "./cursor.ts";
import type { PackageStatus } from "./package_store.ts";
import {
  Grid,
  PackageLink,
  Pages,
  PlaceLink,
  ResultLink,
  StatusNav,
  Version,
} from "./parts.tsx";
import { Nothing, PlaceFilterForm } from "./place_filter.tsx";
import { listPath, type StatusList } from "./path.ts";
import {
  chosenPlaces,
  filterParams,
  readPlaceFilter,
  readPlaces,
} from "./places.ts";
import {
  listByState,
  listChanges,
  type ListQuery,
  listSlow,
} from "./status_store.ts";

const shownRows = 75;

/** A list of packages below `/status/`: how it is read, ordered and explained. */
type ResultList<T extends PackageStatus> = {
  readonly list: StatusList;
  readonly title: string;
  readonly summary: string;
  readonly empty: string;
  readonly read: (
    context: BackendContext<Options>,
    query: ListQuery,
  ) => Promise<readonly T[]>;
  readonly by: (row: T) => number;
  readonly table: (rows: readonly T[], now: number) => Child;
};

const finishedAt = (row: PackageStatus) => row.finishedAt;

/** `/status/failing/`. */
export const failing: ResultList<PackageStatus> = {
  list: "failing",
  title: "Failing packages",
  summary: "Packages whose newest result is failed, the latest first.",
  empty: "No package fails.",
  read: ({ database }, query) => listByState(database, "failed", query),
  by: finishedAt,
  table: statusTable,
};

/** `/status/alerts/`. */
export const alerts: ResultList<PackageStatus> = {
  list: "alerts",
  title: "Alerts",
  summary:
    "Packages whose newest test could not be carried out (tmpfail): this is about testbeds and runners rather than about the packages.",
  empty: "Every test could be carried out.",
  read: ({ database }, query) => listByState(database, "errored", query),
  by: finishedAt,
  table: statusTable,
};

/** `/status/slow/`. */
export const slow: ResultList<PackageStatus> = {
  list: "slow",
  title: "Slow packages",
  summary:
    "Packages whose newest test took more than an hour, the slowest first.",
  empty: "No package takes longer than an hour.",
  read: ({ database }, query) => listSlow(database, query),
  by: ({ durationMs }) => durationMs ?? 0,
  table: statusTable,
};

/** `/status/changes/`. */
export const changes: ResultList<
  Awaited<ReturnType<typeof listChanges>>[number]
> = {
  list: "changes",
  title: "Changes",
  summary:
    "Packages that came to do otherwise than before, the latest first. Tests with pins and those that could not be carried out change nothing.",
  empty: "Every package has always done alike.",
  read: ({ database }, query) => listChanges(database, query),
  by: finishedAt,
  table: (rows, now) => (
    <ChangeTable
      changes={rows}
      label="Changes"
      now={now}
    />
  ),
};

/** Answers with a page of a list. */
export async function showList<T extends PackageStatus>(
  { list, title, summary, empty, read, by, table }: ResultList<T>,
  context: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  const { database, options, now } = context;
  requireReadable(c, options, null);
  const before = readCursor(c);
  const places = await readPlaces(database, options);
  const filter = readPlaceFilter(c);
  const found = await read(context, {
    places: chosenPlaces(places, filter),
    before,
    limit: shownRows + 1,
  });
  const { shown, last } = cut(found, shownRows);
  const path = listPath(list);
  const isFirst = before === null;
  return answerPage(c, {
    title,
    children: (
      <>
        <h1>{title}</h1>
        <StatusNav c={c} />
        <p>{summary}</p>
        <PlaceFilterForm path={path} places={places} chosen={filter} />
        {shown.length === 0
          ? (
            <Nothing path={path} filter={filter} isFirst={isFirst}>
              {empty}
            </Nothing>
          )
          : table(shown, now())}
        <Pages
          path={path}
          params={filterParams(filter)}
          isFirst={isFirst}
          next={last === undefined ? null : [
            "before",
            cursorText({ by: by(last), number: last.number }),
          ]}
        />
      </>
    ),
  });
}

function statusTable(rows: readonly PackageStatus[], now: number) {
  return (
    <Grid
      label="Packages by their newest result"
      head={["Package", "Where", "Result", "Version", "Ended", "Took", "Why"]}
    >
      {rows.map((row) => (
        <tr>
          <th scope="row">
            <PackageLink name={row.package} />
          </th>
          <td>
            <PlaceLink name={row.package} place={row} />
          </td>
          <td>
            <ResultLink status={row} />
          </td>
          <td class="version">
            <Version text={row.version} />
          </td>
          <td>
            <Time at={row.finishedAt} now={now} />
          </td>
          <td>{row.durationMs === null ? "–" : duration(row.durationMs)}</td>
          <td>
            <Name text={row.message ?? ""} />
          </td>
        </tr>
      ))}
    </Grid>
  );
}
