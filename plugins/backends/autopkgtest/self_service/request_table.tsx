import { isEnd } from "../../../../core/run.ts";
import { duration, Name, State, Time } from "../../../../ui/kit/mod.ts";
import { ownPath } from "./path.ts";
import type { OwnTest } from "./request_store.ts";

/** The most of a trigger that is shown; britney's name hundreds of packages. */
const maxShownCharacters = 160;

type TableProps = {
  readonly tests: readonly OwnTest[];
  readonly user: string;
  readonly now: number;
  readonly caption: string;
  /** Which may be ticked; none without it. */
  readonly ticks?: {
    readonly isTicked: (test: OwnTest) => boolean;
  };
  readonly mayRetry?: boolean;
};

/** Somebody's tests, one a row. The boxes belong to the form around. */
export function RequestTable(
  { tests, user, now, caption, ticks, mayRetry = false }: TableProps,
) {
  return (
    <table class="runs requests">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {ticks && (
            <th scope="col">
              <span class="unseen">Choose</span>
            </th>
          )}
          <th scope="col">Test</th>
          <th scope="col">State</th>
          <th scope="col">Package</th>
          <th scope="col">Suite</th>
          <th scope="col">Architecture</th>
          <th scope="col">Trigger</th>
          <th scope="col">Asked for</th>
          <th scope="col">Took</th>
          {mayRetry && <th scope="col">Again</th>}
        </tr>
      </thead>
      <tbody>
        {tests.map((test) => (
          <Row
            test={test}
            now={now}
            {...ticks && { isTicked: ticks.isTicked(test) }}
            retryPath={mayRetry
              ? ownPath(user, `/retry/${test.number}`)
              : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row(
  { test, now, isTicked, retryPath }: {
    test: OwnTest;
    now: number;
    isTicked?: boolean;
    retryPath: string | undefined;
  },
) {
  const { number, state, startedAt, finishedAt, createdAt } = test;
  // Its script looks for it by the id, also when it has come to its end.
  const live = isEnd(state)
    ? {}
    : { "data-live": "", "data-changes": `/events?since=${now}` };
  return (
    <tr>
      {isTicked !== undefined && (
        <td data-label="Choose">
          <input
            type="checkbox"
            class="tick"
            name="run_ids[]"
            value={String(number)}
            checked={isTicked}
            aria-label={`Test ${number}`}
          />
        </td>
      )}
      <th scope="row" data-label="Test">
        <a href={`/runs/${number}`}>#{number}</a>
      </th>
      <td data-label="State" id={`state-${number}`} {...live}>
        <State state={state} />
      </td>
      <td data-label="Package" class="job">
        <Name text={test.package} />
        {test.isPrivate && <small class="tag">private</small>}
      </td>
      <td data-label="Suite">
        <Name text={test.suite} />
      </td>
      <td data-label="Architecture">
        <Name text={test.arch} />
      </td>
      <td data-label="Trigger">
        <Cause test={test} />
      </td>
      <td data-label="Asked for">
        <Time at={createdAt} now={now} />
      </td>
      <td data-label="Took">
        {startedAt === null
          ? "–"
          : duration(Math.max(0, (finishedAt ?? now) - startedAt))}
      </td>
      {retryPath !== undefined && (
        <td data-label="Again">
          <a href={retryPath} aria-label={`Retry test ${number}`}>Retry</a>
        </td>
      )}
    </tr>
  );
}

function Cause({ test: { trigger, pins } }: { test: OwnTest }) {
  const pinned = pins.map((list) => list.join(" ")).join("; ");
  return (
    <>
      {trigger === "" ? "–" : <Name text={cut(trigger)} />}
      {pinned !== "" && (
        <small>
          {" "}
          pinned: <Name text={cut(pinned)} />
        </small>
      )}
    </>
  );
}

function cut(text: string): string {
  const characters = [...text.slice(0, 2 * maxShownCharacters)];
  return characters.length <= maxShownCharacters
    ? text
    : `${characters.slice(0, maxShownCharacters).join("")}…`;
}
