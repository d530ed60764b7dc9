import { State, Time } from "../../../../ui/kit/mod.ts";
import { Grid, PackageLink, PlaceLink, ResultLink, Version } from "./parts.tsx";
import type { Change } from "./status_store.ts";

/** Changes of how packages do. */
export function ChangeTable(
  { changes, label, now }: {
    changes: readonly Change[];
    label: string;
    now: number;
  },
) {
  return (
    <Grid
      label={label}
      head={["Package", "Where", "Was", "Is", "Version", "Since"]}
    >
      {changes.map((change) => (
        <tr>
          <th scope="row">
            <PackageLink name={change.package} />
          </th>
          <td>
            <PlaceLink name={change.package} place={change} />
          </td>
          <td>
            <State state={change.before} />
          </td>
          <td>
            <ResultLink status={change} />
          </td>
          <td class="version">
            <Version text={change.version} />
          </td>
          <td>
            <Time at={change.finishedAt} now={now} />
          </td>
        </tr>
      ))}
    </Grid>
  );
}
