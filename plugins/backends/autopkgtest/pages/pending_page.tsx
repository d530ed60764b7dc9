import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import { answerPage } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { requireReadable } from "./access.ts";
import { cut } from "./cursor.ts";
import { AskForTest, Pages, StatusNav } from "./parts.tsx";
import { Nothing, PlaceFilterForm } from "./place_filter.tsx";
import { PendingTable } from "./pending_table.tsx";
import { listPath } from "./path.ts";
import { listPending } from "./pending_store.ts";
import { filterParams, readPlaceFilter, readPlaces } from "./places.ts";

const shownTests = 75;

/** `/status/pending/` and `/status/pending/SUITE/`: public tests that are not over, oldest first (debci 82). */
export async function showPending(
  { database, options, now }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, options, null);
  const { suite } = c.req.param();
  const chosen = readPlaceFilter(c);
  const filter = suite === undefined ? chosen : { ...chosen, suites: [suite] };
  const after = readAfter(c);
  const [places, found] = await Promise.all([
    readPlaces(database, options),
    listPending(database, { ...filter, after, limit: shownTests + 1 }),
  ]);
  const { shown, last } = cut(found, shownTests);
  const path = listPath("pending");
  return answerPage(c, {
    title: "Pending tests",
    children: (
      <>
        <h1>Pending tests</h1>
        <StatusNav c={c} />
        <p>Public tests that wait or run.</p>
        <PlaceFilterForm path={path} places={places} chosen={filter} />
        {shown.length === 0
          ? (
            <Nothing path={path} filter={filter} isFirst={after === 0}>
              Nothing waits. <AskForTest />
            </Nothing>
          )
          : <PendingTable tests={shown} label="Oldest first" now={now()} />}
        <Pages
          path={path}
          params={filterParams(filter)}
          isFirst={after === 0}
          next={last === undefined ? null : ["after", String(last.number)]}
          words={["Oldest", "Younger"]}
        />
      </>
    ),
  });
}

function readAfter(c: Context<AppEnv>): number {
  const text = c.req.query("after") ?? "";
  if (text === "") return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError(
    "invalid",
    "Cannot read after: expected the number of a test; begin with the oldest",
  );
}
