import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { answerPage, Name, State } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { requireReadable } from "./access.ts";
import { cut } from "./cursor.ts";
import { type PackageStatus, readStatuses } from "./package_store.ts";
import { Grid, PackageLink, Pages, StatusNav } from "./parts.tsx";
import { Nothing, PlaceFilterForm } from "./place_filter.tsx";
import { historyPath, listPath } from "./path.ts";
import {
  filterParams,
  type Places,
  readPlaceFilter,
  readPlaces,
} from "./places.ts";
import { type Difference, listDifferences } from "./status_store.ts";

const shownRows = 75;

/** `/status/platform-specific-issues/`: packages that pass on one architecture and fail on another (debci 94). */
export async function showDifferences(
  { database, options }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, options, null);
  const { suites } = readPlaceFilter(c);
  const after = readAfter(c);
  const [places, found] = await Promise.all([
    readPlaces(database, options),
    listDifferences(database, { suites, after, limit: shownRows + 1 }),
  ]);
  const { shown, last } = cut(found, shownRows);
  const names = [...new Set(shown.map((each) => each.package))];
  const statuses = await readStatuses(database, names);
  const path = listPath("platform-specific-issues");
  const filter = { suites, archs: [] };
  return answerPage(c, {
    title: "Platform-specific issues",
    children: (
      <>
        <h1>Platform-specific issues</h1>
        <StatusNav c={c} />
        <p>
          Packages that pass on one architecture and fail on another in the same
          suite.
        </p>
        <PlaceFilterForm
          path={path}
          places={places}
          chosen={filter}
          only="suites"
        />
        {shown.length === 0
          ? (
            <Nothing path={path} filter={filter} isFirst={after === null}>
              Every package does alike on all architectures.
            </Nothing>
          )
          : <Differences rows={shown} statuses={statuses} places={places} />}
        <Pages
          path={path}
          params={filterParams(filter)}
          isFirst={after === null}
          next={last === undefined
            ? null
            : ["after", `${last.package}/${last.suite}`]}
        />
      </>
    ),
  });
}

/** Neither a package nor a suite has a slash. */
function readAfter(c: Context<AppEnv>): Difference | null {
  const [name = "", suite = ""] = (c.req.query("after") ?? "").split("/");
  return name === "" ? null : { package: name, suite };
}

function Differences(
  { rows, statuses, places: { archs } }: {
    rows: readonly Difference[];
    statuses: readonly PackageStatus[];
    places: Places;
  },
) {
  const byCell = new Map(statuses.map((status) => [cellOf(status), status]));
  return (
    <Grid
      label="Newest results by architecture"
      head={[
        "Package",
        "Suite",
        ...archs.map((arch) => <Name text={arch} />),
      ]}
    >
      {rows.map((row) => <Row row={row} archs={archs} byCell={byCell} />)}
    </Grid>
  );
}

function Row(
  { row, archs, byCell }: {
    row: Difference;
    archs: readonly string[];
    byCell: ReadonlyMap<string, PackageStatus>;
  },
) {
  return (
    <tr>
      <th scope="row">
        <PackageLink name={row.package} />
      </th>
      <td>
        <Name text={row.suite} />
      </td>
      {archs.map((arch) => {
        const status = byCell.get(cellOf({ ...row, arch }));
        return (
          <td>
            {status === undefined
              ? "–"
              : (
                <a href={historyPath(row.package, status)}>
                  <State state={status.state} />
                </a>
              )}
          </td>
        );
      })}
    </tr>
  );
}

function cellOf(
  { package: name, suite, arch }: Difference & { readonly arch: string },
): string {
  return JSON.stringify([name, suite, arch]);
}
