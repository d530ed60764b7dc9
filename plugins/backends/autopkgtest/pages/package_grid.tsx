import { Name, State, Time } from "../../../../ui/kit/mod.ts";
import type { RejectList } from "../reject_list.ts";
import type { PackageStatus } from "./package_store.ts";
import { Grid, Version } from "./parts.tsx";
import { historyPath } from "./path.ts";
import type { PendingTest } from "./pending_store.ts";
import type { Places } from "./places.ts";

type GridProps = {
  readonly name: string;
  readonly statuses: readonly PackageStatus[];
  readonly pending: readonly PendingTest[];
  readonly places: Places;
  readonly rejects: RejectList;
  readonly now: number;
};

/** debci's matrix: architectures by row, suites by column. */
export function PackageGrid(props: GridProps) {
  const { name, places: { suites, archs } } = props;
  return (
    <Grid
      label="Newest result by architecture and suite; each leads to its history"
      head={["Architecture", ...suites.map((suite) => <Name text={suite} />)]}
    >
      {archs.map((arch) => (
        <tr>
          <th scope="row">
            <Name text={arch} />
          </th>
          {suites.map((suite) => (
            <td class="cell">
              <a href={historyPath(name, { suite, arch })}>
                <Cell {...props} suite={suite} arch={arch} />
              </a>
            </td>
          ))}
        </tr>
      ))}
    </Grid>
  );
}

function Cell(
  { name, statuses, pending, rejects, now, suite, arch }: GridProps & {
    readonly suite: string;
    readonly arch: string;
  },
) {
  const isHere = (each: { suite: string; arch: string }) =>
    each.suite === suite && each.arch === arch;
  const status = statuses.find(isHere);
  const waiting = pending.filter(isHere).length;
  return (
    <>
      {status === undefined ? <span class="soft">no result</span> : (
        <>
          <State state={status.state} /> <Version text={status.version} />
          <small>
            <Time at={status.finishedAt} now={now} />
          </small>
        </>
      )}
      {waiting > 0 && <small>{waiting} pending</small>}
      {rejects.isRejected({ package: name, suite, arch }) &&
        <small>rejected</small>}
    </>
  );
}
