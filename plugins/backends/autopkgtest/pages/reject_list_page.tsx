import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { answerPage, Name } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import type { RejectEntry } from "../reject_entry.ts";
import type { RejectList } from "../reject_list.ts";
import { requireReadable } from "./access.ts";
import { Grid, Pages, StatusNav } from "./parts.tsx";
import { listPath } from "./path.ts";
import { Reason } from "./reason.tsx";

const shownEntries = 200;

/** `/status/reject_list/`: what is not tested, and why. */
export async function showRejectList(
  { options }: BackendContext<Options>,
  openList: () => Promise<RejectList>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, options, null);
  const list = await openList();
  const name = (c.req.query("package") ?? "").trim().slice(0, 200);
  const found = name === "" ? list.entries : list.entriesOf(name);
  const from = readFrom(c);
  const shown = found.slice(from, from + shownEntries);
  const path = listPath("reject_list");
  return answerPage(c, {
    title: "Reject list",
    children: (
      <>
        <h1>Reject list</h1>
        <StatusNav c={c} />
        <Explanation />
        <EntryFilter path={path} name={name} />
        {shown.length === 0
          ? (
            <p class="empty">
              {name === ""
                ? "Every package is tested: nothing is on the list."
                : "No entry holds for this package."}
            </p>
          )
          : <Entries entries={shown} all={found.length} />}
        <Pages
          path={path}
          params={name === "" ? [] : [["package", name]]}
          isFirst={from === 0}
          next={from + shownEntries < found.length
            ? ["from", String(from + shownEntries)]
            : null}
        />
      </>
    ),
  });
}

function Explanation() {
  return (
    <p>
      Packages that are not tested. In a package <code>*</code>, <code>?</code>
      {" "}
      and <code>[…]</code> stand for other characters; elsewhere <code>*</code>
      {" "}
      is all. An entry for one version blocks no request.
    </p>
  );
}

function EntryFilter({ path, name }: { path: string; name: string }) {
  return (
    <form class="filter" action={path} method="get" role="search">
      <label>
        Entries that hold for a package
        <input
          type="search"
          name="package"
          value={name}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </label>
      <button type="submit">Filter</button>
      <a href={path}>Reset</a>
    </form>
  );
}

/** Anything but a number is the beginning. */
function readFrom(c: Context<AppEnv>): number {
  const text = c.req.query("from") ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function Entries(
  { entries, all }: { entries: readonly RejectEntry[]; all: number },
) {
  return (
    <Grid
      label={`${all} ${
        all === 1 ? "entry" : "entries"
      }, in the order in which they came`}
      head={["Package", "Suite", "Architecture", "Version", "Reason"]}
    >
      {entries.map((entry) => (
        <tr>
          <th scope="row">
            <Name text={entry.package} />
          </th>
          <td>
            <Name text={entry.suite} />
          </td>
          <td>
            <Name text={entry.arch} />
          </td>
          <td class="version">
            <Name text={entry.version} />
          </td>
          <td class="parameters">
            <Reason text={entry.reason} />
          </td>
        </tr>
      ))}
    </Grid>
  );
}
