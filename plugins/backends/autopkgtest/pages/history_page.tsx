import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import {
  answerPage,
  duration,
  Name,
  sizeText,
  Time,
  visible,
} from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { mayRetry } from "./access.ts";
import { cursorText, cut, readCursor } from "./cursor.ts";
import { type HistoryTest, listHistory } from "./history_store.ts";
import { findPackage } from "./package_page.tsx";
import {
  Grid,
  PackageLink,
  Pages,
  ParameterList,
  ResultLink,
  Version,
} from "./parts.tsx";
import { historyPath, packagePath } from "./path.ts";

const shownTests = 75;

/** `/packages/PREFIX/PACKAGE/SUITE/ARCH/`: the public tests of a package in one place, newest first (debci 92). */
export async function showHistory(
  context: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  const name = await findPackage(context, c);
  const { suite = "", arch = "" } = c.req.param();
  const before = readCursor(c);
  const found = await listHistory(
    context.database,
    { suite, arch },
    name,
    before,
    shownTests + 1,
  );
  const { shown, last } = cut(found, shownTests);
  const path = historyPath(name, { suite, arch });
  return answerPage(c, {
    title: visible(`${name} in ${suite} on ${arch}`),
    children: (
      <>
        <h1>
          <PackageLink name={name} /> in <Name text={suite} /> on{" "}
          <Name text={arch} />
        </h1>
        {shown.length === 0
          ? <NoTests name={name} isFirst={before === null} />
          : (
            <HistoryTable
              tests={shown}
              canRetry={mayRetry(c)}
              now={context.now()}
            />
          )}
        <Pages
          path={path}
          isFirst={before === null}
          next={last === undefined ? null : ["before", textOf(last)]}
          words={["Newest", "Older"]}
        />
      </>
    ),
  });
}

function NoTests({ name, isFirst }: { name: string; isFirst: boolean }) {
  return (
    <p class="empty">
      {isFirst ? "No public test of it is over here. " : "No older tests. "}
      <a href={packagePath(name)}>Everywhere</a>
    </p>
  );
}

function textOf({ finishedAt, number }: HistoryTest): string {
  return cursorText({ by: finishedAt, number });
}

function HistoryTable(
  { tests, canRetry, now }: {
    tests: readonly HistoryTest[];
    canRetry: boolean;
    now: number;
  },
) {
  return (
    <Grid
      label="Newest first; a test with pins does not say how the package does"
      head={[
        "Run",
        "Result",
        "Version",
        "Ended",
        "Trigger and pins",
        "Took",
        "Requestor",
        "Log and files",
        ...canRetry ? ["Again"] : [],
      ]}
    >
      {tests.map((test) => <Row test={test} canRetry={canRetry} now={now} />)}
    </Grid>
  );
}

function Row(
  { test, canRetry, now }: {
    test: HistoryTest;
    canRetry: boolean;
    now: number;
  },
) {
  return (
    <tr class={test.isPinned ? "pinned" : undefined}>
      <th scope="row">
        <a href={`/runs/${test.number}`}>#{test.number}</a>
      </th>
      <td>
        <ResultLink status={test} />
      </td>
      <td class="version">
        <Version text={test.version} />
      </td>
      <td>
        <Time at={test.finishedAt} now={now} />
      </td>
      <td class="parameters">
        <ParameterList of={test} />
      </td>
      <td>
        {test.durationMs === null
          ? "–"
          : duration(Math.max(0, test.durationMs))}
      </td>
      <td>
        <Name text={test.requestor} />
      </td>
      <td>
        <Files test={test} />
      </td>
      {canRetry && (
        <td>
          <a href={`/api/v1/retry/${test.number}`}>
            Retry<span class="unseen">{` test ${test.number}`}</span>
          </a>
        </td>
      )}
    </tr>
  );
}

/** The log, at its first failure where there may be one, and what the test left behind. */
function Files({ test }: { test: HistoryTest }) {
  const { number, state, logBytes, artifactsBytes } = test;
  if (logBytes === 0 && artifactsBytes === null) return <>–</>;
  const hasFailed = state === "failed" || state === "errored";
  return (
    <>
      {logBytes > 0 && (
        <>
          <a
            href={hasFailed
              ? `/runs/${number}/log/failure`
              : `/runs/${number}#log`}
          >
            log<span class="unseen">{` of test ${number}`}</span>
          </a>{" "}
          <small>{sizeText(logBytes)}</small>
        </>
      )}
      {artifactsBytes !== null && (
        <>
          {" "}
          <a href={`/runs/${number}/files/artifacts.tar.gz`}>
            artifacts<span class="unseen">{` of test ${number}`}</span>
          </a>{" "}
          <small>{sizeText(artifactsBytes)}</small>
        </>
      )}
    </>
  );
}
