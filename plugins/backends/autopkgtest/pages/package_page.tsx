import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import { answerPage, Name, visible } from "../../../../ui/kit/mod.ts";
import { hasPrefix } from "../data.ts";
import { prefixOf } from "../data_path.ts";
import type { Options } from "../options.ts";
import type { RejectList } from "../reject_list.ts";
import { requireReadable } from "./access.ts";
import { ChangeTable } from "./change_table.tsx";
import { isPublicPackage, readStatuses } from "./package_store.ts";
import { PackageGrid } from "./package_grid.tsx";
import { PendingTable } from "./pending_table.tsx";
import { cut } from "./cursor.ts";
import { listPath } from "./path.ts";
import { listPending, type PendingTest } from "./pending_store.ts";
import { readPlaces } from "./places.ts";
import { Reason } from "./reason.tsx";
import { type Change, listChanges } from "./status_store.ts";

const shownPending = 50;
const shownChanges = 10;

/**
 * The package that the path names.
 *
 * @throws ApiError `not_found`, alike for one that nobody tested, one that was tested privately alone and one under a wrong prefix.
 */
export async function findPackage(
  { database, options }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<string> {
  const { prefix = "", package: name = "" } = c.req.param();
  requireReadable(c, options, name);
  if (hasPrefix(name, prefix) && await isPublicPackage(database, name)) {
    return name;
  }
  throw new ApiError(
    "not_found",
    `Cannot find package ${name} under ${prefix}: no public test of it was asked for`,
  );
}

/** `/packages/PREFIX/PACKAGE/`: how a package does in every suite and on every architecture (debci 103). */
export async function showPackage(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
  c: Context<AppEnv>,
): Promise<Response> {
  const { database, options } = context;
  const name = await findPackage(context, c);
  const now = context.now();
  const [statuses, places, pending, changes, rejects] = await Promise.all([
    readStatuses(database, [name]),
    readPlaces(database, options),
    listPending(database, { package: name, limit: shownPending + 1 }),
    listChanges(database, {
      places: null,
      before: null,
      package: name,
      limit: shownChanges,
    }),
    openList(),
  ]);
  const grid = { name, statuses, pending, places, rejects, now };
  return answerPage(c, {
    title: visible(name),
    children: (
      <>
        <h1>
          <Name text={name} />
        </h1>
        <RejectBanner name={name} rejects={rejects} />
        <Links name={name} hasFeed={statuses.length > 0} />
        <PackageGrid {...grid} />
        <Pending tests={pending} now={now} />
        <Changes changes={changes} now={now} />
      </>
    ),
  });
}

function Links({ name, hasFeed }: { name: string; hasFeed: boolean }) {
  const [prefix, word] = [prefixOf(name), name].map(encodeURIComponent);
  return (
    <p>
      {hasFeed && (
        <>
          <a href={`/data/feeds/${prefix}/${word}.xml`}>Feed of its changes</a>
          {" · "}
        </>
      )}
      <a href={`/runs?${new URLSearchParams({ job: name })}`}>All runs</a>
    </p>
  );
}

function Pending(
  { tests, now }: { tests: readonly PendingTest[]; now: number },
) {
  const { shown, last } = cut(tests, shownPending);
  const label = last === undefined
    ? "Tests that wait or run, oldest first"
    : `The ${shownPending} oldest tests that wait or run`;
  return (
    <section aria-labelledby="pending-title">
      <h2 id="pending-title">Pending</h2>
      {shown.length === 0
        ? <p class="empty">No test of this package waits or runs.</p>
        : <PendingTable tests={shown} label={label} now={now} />}
    </section>
  );
}

function Changes(
  { changes, now }: { changes: readonly Change[]; now: number },
) {
  return (
    <section aria-labelledby="changes-title">
      <h2 id="changes-title">Changes</h2>
      {changes.length === 0
        ? <p class="empty">It has always done alike.</p>
        : <ChangeTable changes={changes} label="Newest first" now={now} />}
    </section>
  );
}

/** Says where the package is not tested. */
function RejectBanner(
  { name, rejects }: { name: string; rejects: RejectList },
) {
  const reasons = rejects.entriesOf(name);
  if (reasons.length === 0) return null;
  return (
    <div class="banner" role="note">
      <p>
        {rejects.isRejected({ package: name })
          ? "This package is on the reject list and is not tested."
          : "This package is on the reject list in part."}{" "}
        <a
          href={`${listPath("reject_list")}?${new URLSearchParams({
            package: name,
          })}`}
        >
          Its entries
        </a>
      </p>
      {reasons.slice(0, 3).flatMap(({ reason }) =>
        reason === "" ? [] : [
          <p>
            <Reason text={reason} />
          </p>,
        ]
      )}
    </div>
  );
}
