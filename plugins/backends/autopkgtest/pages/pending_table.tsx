import { Name, State, Time } from "../../../../ui/kit/mod.ts";
import { Grid, PackageLink, ParameterList, PlaceLink } from "./parts.tsx";
import type { PendingTest } from "./pending_store.ts";

/** Tests that wait or run. */
export function PendingTable(
  { tests, label, now }: {
    tests: readonly PendingTest[];
    label: string;
    now: number;
  },
) {
  return (
    <Grid
      label={label}
      head={[
        "Run",
        "State",
        "Package",
        "Where",
        "Asked for",
        "Trigger and pins",
        "Requestor",
      ]}
    >
      {tests.map((test) => <Row test={test} now={now} />)}
    </Grid>
  );
}

function Row({ test, now }: { test: PendingTest; now: number }) {
  return (
    <tr>
      <th scope="row">
        <a href={`/runs/${test.number}`}>#{test.number}</a>
      </th>
      <td>
        <State state={test.state} />
      </td>
      <td>
        <PackageLink name={test.package} />
      </td>
      <td>
        <PlaceLink name={test.package} place={test} />
      </td>
      <td>
        <Time at={test.createdAt} now={now} />
      </td>
      <td class="parameters">
        <ParameterList of={test} />
      </td>
      <td>
        <Name text={test.requestor} />
      </td>
    </tr>
  );
}
