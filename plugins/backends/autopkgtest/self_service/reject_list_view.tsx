import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import {
  answerPage,
  Choice,
  Field,
  Name,
  OutLink,
  PostForm,
  type Typed,
  untouched,
} from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import type { RejectEntry } from "../reject_entry.ts";
import { rejectListPath } from "./path.ts";

/** Entries of a page. */
const pageSize = 100;

/** What tells an entry from all others. None of the words has a blank in it. */
export function entryKey(
  { package: name, suite, arch, version }: RejectEntry,
): string {
  return [name, suite, arch, version].join(" ");
}

/** The page of the list: a part of it by name, from an entry on. */
export function answerRejectList(
  c: Context<AppEnv>,
  entries: readonly RejectEntry[],
  options: Options,
  typed: Typed = untouched,
): Response {
  const query = new URL(c.req.url).searchParams;
  const [search, after] = ["q", "after"].map((name) =>
    query.get(name)?.trim().slice(0, 500) ?? ""
  );
  const found = entries
    .filter((entry) => entry.package.includes(search ?? ""))
    .map((entry) => ({ entry, key: entryKey(entry) }))
    .toSorted((a, b) => a.key < b.key ? -1 : 1)
    .filter(({ key }) => key > (after ?? ""));
  const shown = found.slice(0, pageSize);
  const last = found.length > pageSize ? shown.at(-1)?.key : undefined;
  return answerPage(c, {
    title: "Reject list",
    children: (
      <>
        <h1>
          Reject list <small>{entries.length}</small>
        </h1>
        <Done query={query} />
        <AddForm c={c} typed={typed} options={options} />
        <form class="filter" action={rejectListPath} method="get" role="search">
          <Field
            name="q"
            label="In the package"
            type="search"
            typed={{ values: { q: search ?? "" }, faults: {} }}
          />
          <button type="submit">Search</button>
          <a href={rejectListPath}>All</a>
        </form>
        <Entries
          c={c}
          entries={shown.map(({ entry }) => entry)}
          isEmpty={entries.length === 0}
        />
        {last !== undefined && (
          <nav class="pages" aria-label="Pages">
            <a
              rel="next"
              href={`${rejectListPath}?${new URLSearchParams({
                q: search ?? "",
                after: last,
              })}`}
            >
              Further →
            </a>
          </nav>
        )}
      </>
    ),
  }, Object.keys(typed.faults).length > 0 ? 400 : 200);
}

const words = {
  added: "is on the list from now on",
  changed: "was there; its reason is the new one",
  removed: "is off the list",
} as const;

function Done({ query }: { query: URLSearchParams }) {
  const done = Object.entries(words).find(([name]) => query.has(name));
  if (done === undefined) return null;
  const [name, text] = done;
  return (
    <p class="notice" role="status">
      <Name text={query.get(name)?.slice(0, 500) ?? ""} /> {text}.
    </p>
  );
}

function AddForm(
  { c, typed, options }: {
    c: Context<AppEnv>;
    typed: Typed;
    options: Options;
  },
) {
  return (
    <section aria-labelledby="add-title">
      <h2 id="add-title">Reject packages</h2>
      <PostForm c={c} action={rejectListPath} class="filter">
        <Field
          name="package"
          label="Package, or a pattern with *, ? and [a-c]"
          typed={typed}
          required
        />
        <Choice
          name="suite"
          label="Suite"
          typed={typed}
          choices={options.suites}
          any="all"
        />
        <Choice
          name="arch"
          label="Architecture"
          typed={typed}
          choices={options.architectures}
          any="all"
        />
        <Field name="version" label="Version" typed={typed} hint="all" />
        <Field
          name="reason"
          label="Reason, for people"
          typed={typed}
          rows={2}
        />
        <button type="submit">Reject</button>
      </PostForm>
    </section>
  );
}

function Entries(
  { c, entries, isEmpty }: {
    c: Context<AppEnv>;
    entries: readonly RejectEntry[];
    isEmpty: boolean;
  },
) {
  if (entries.length === 0) {
    return (
      <p class="empty">
        {isEmpty
          ? "No package is rejected. Add one above, or import debci's file with deno task reject-list import FILE."
          : "No entry is like this."}
      </p>
    );
  }
  return (
    <PostForm c={c} action={`${rejectListPath}/remove`}>
      <div class="scroll" tabindex={0} role="region" aria-label="Entries">
        <table>
          <caption>Packages that are not tested, by name</caption>
          <thead>
            <tr>
              {["Package", "Suite", "Architecture", "Version", "Reason"].map(
                (title) => <th scope="col">{title}</th>,
              )}
              <th scope="col">
                <span class="unseen">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => <Row entry={entry} />)}
          </tbody>
        </table>
      </div>
    </PostForm>
  );
}

function Row({ entry }: { entry: RejectEntry }) {
  const { suite, arch, version, reason } = entry;
  return (
    <tr>
      <th scope="row">
        <Name text={entry.package} />
      </th>
      {[suite, arch, version].map((word) => (
        <td>{word === "*" ? "all" : <Name text={word} />}</td>
      ))}
      <td>
        <Reason text={reason} />
      </td>
      <td>
        <button
          type="submit"
          name="entry"
          value={entryKey(entry)}
          aria-label={`Remove ${entryKey(entry)}`}
        >
          Remove
        </button>
      </td>
    </tr>
  );
}

/** A reason with its addresses as links. */
function Reason({ text }: { text: string }) {
  return (
    <>
      {text.split(/(https?:\/\/[^\s<>"']+)/).map((part, index) =>
        index % 2 === 0
          ? <Name text={part} />
          : <OutLink name={part} href={part} />
      )}
    </>
  );
}
