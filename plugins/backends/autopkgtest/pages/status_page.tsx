import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { answerPage, Name } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { requireReadable } from "./access.ts";
import { StatusChart } from "./chart.tsx";
import { Grid, StatusNav } from "./parts.tsx";
import { PlaceFilterForm } from "./place_filter.tsx";
import { listPath, packagesPath, type StatusList, statusPath } from "./path.ts";
import { countPending } from "./pending_store.ts";
import {
  chosenPlaces,
  filterParams,
  readPlaceFilter,
  readPlaces,
} from "./places.ts";
import { type Chart, readChart, type Series, totalOf } from "./series.ts";

/** Charts of one page; the filter leads to the others. */
const maxCharts = 24;

const dayMs = 86_400_000;

/** `/status/`: how many packages do how, in every suite and on every architecture, and how that came. */
export async function showStatus(
  { database, options, now }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, options, null);
  const places = await readPlaces(database, options);
  const filter = readPlaceFilter(c);
  const shown = chosenPlaces(places, filter) ?? places.tested;
  const [chart, pending] = await Promise.all([
    readChart(database, shown.slice(0, maxCharts), now()),
    countPending(database),
  ]);
  return answerPage(c, {
    title: "Package status",
    children: (
      <>
        <h1>Package status</h1>
        <StatusNav c={c} />
        <PlaceFilterForm path={statusPath} places={places} chosen={filter} />
        {chart === null
          ? (
            <p class="empty">
              {filterParams(filter).length > 0
                ? "No package has a result there. "
                : "No package has a result yet. "}
              <a href={packagesPath}>Packages</a> ·{" "}
              <a href={listPath("pending")}>what waits</a>
            </p>
          )
          : (
            <>
              <CountTable series={chart.series} pending={pending} />
              <Charts chart={chart} />
            </>
          )}
        {shown.length > maxCharts && (
          <p>
            The first {maxCharts} of{" "}
            {shown.length}: choose suites or architectures to see others.
          </p>
        )}
      </>
    ),
  });
}

function Charts({ chart: { firstDay, series } }: { chart: Chart }) {
  const since = new Date(firstDay * dayMs).toISOString().slice(0, 10);
  return (
    <section aria-labelledby="charts-title">
      <h2 id="charts-title">
        Packages by state <small>since {since}</small>
      </h2>
      <p class="legend">
        From the bottom: <span class="state passed">passed</span>
        {", "}
        <span class="state neutral">neutral</span>
        {", "}
        <span class="state failed">failed</span>
        {", "}
        <span class="state errored">errored</span>.
      </p>
      <div class="charts">
        {series.map((each) => <StatusChart series={each} since={since} />)}
      </div>
    </section>
  );
}

type Pending = Awaited<ReturnType<typeof countPending>>;

function CountTable(
  { series, pending }: { series: readonly Series[]; pending: Pending },
) {
  return (
    <Grid
      label="Packages by their newest result; the pass rate is of those that were judged, neutral ones included"
      head={[
        "Suite",
        "Architecture",
        "Passed",
        "Neutral",
        "Failed",
        "Errored",
        "In all",
        "Pass rate",
        "Tests pending",
      ]}
    >
      {series.map((each) => <CountRow series={each} pending={pending} />)}
    </Grid>
  );
}

function CountRow(
  { series: { suite, arch, now }, pending }: {
    series: Series;
    pending: Pending;
  },
) {
  const to = (list: StatusList) =>
    `${listPath(list)}?${new URLSearchParams([["suite[]", suite], [
      "arch[]",
      arch,
    ]])}`;
  const waiting =
    pending.find((each) => each.suite === suite && each.arch === arch)?.count ??
      0;
  return (
    <tr>
      <th scope="row">
        <Name text={suite} />
      </th>
      <td>
        <Name text={arch} />
      </td>
      <td>{now.passed}</td>
      <td>{now.neutral}</td>
      <td>
        <a href={to("failing")}>{now.failed}</a>
      </td>
      <td>
        <a href={to("alerts")}>{now.errored}</a>
      </td>
      <td>{totalOf(now)}</td>
      <td>{shareOf(now)}</td>
      <td>
        <a href={to("pending")}>{waiting}</a>
      </td>
    </tr>
  );
}

/** What a testbed broke says nothing of a package. */
function shareOf({ passed, neutral, failed }: Series["now"]): string {
  const judged = passed + neutral + failed;
  return judged === 0
    ? "–"
    : `${Math.floor((passed + neutral) / judged * 1000) / 10} %`;
}
