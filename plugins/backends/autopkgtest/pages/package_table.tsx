import { Name, State } from "../../../../ui/kit/mod.ts";
import type { PackageStatus } from "./package_store.ts";
import { Grid, PackageLink } from "./parts.tsx";
import { historyPath } from "./path.ts";
import type { Places } from "./places.ts";

/** Packages by row, and how each does in every place in which anything was tested. */
export function PackageTable(
  { names, statuses, places: { tested } }: {
    names: readonly string[];
    statuses: readonly PackageStatus[];
    places: Places;
  },
) {
  const byCell = new Map(
    statuses.map((status) => [keyOf(status.package, status), status]),
  );
  return (
    <Grid
      label="Packages and their newest results"
      head={[
        "Package",
        ...tested.map(({ suite, arch }) => (
          <>
            <Name text={suite} /> <Name text={arch} />
          </>
        )),
      ]}
    >
      {names.map((name) => <Row name={name} tested={tested} byCell={byCell} />)}
    </Grid>
  );
}

function Row(
  { name, tested, byCell }: {
    name: string;
    tested: Places["tested"];
    byCell: ReadonlyMap<string, PackageStatus>;
  },
) {
  return (
    <tr>
      <th scope="row">
        <PackageLink name={name} />
      </th>
      {tested.map((place) => {
        const status = byCell.get(keyOf(name, place));
        return (
          <td>
            {status === undefined ? "–" : (
              <a href={historyPath(name, place)}>
                <State state={status.state} />
              </a>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function keyOf(
  name: string,
  { suite, arch }: { readonly suite: string; readonly arch: string },
): string {
  return JSON.stringify([name, suite, arch]);
}
