import { visible } from "../kit/text.tsx";
import type { Found, Search } from "./search.ts";
import { maxSearchLength } from "./search.ts";
import { pagePath, type ShownLog } from "./shown_log.ts";

/** What was looked for and found, from the line `first` on. */
export type Searched = Found & {
  readonly search: Search;
  readonly first: number;
  /** Lines of the log. */
  readonly lines: number;
};

/** The search as it stands in addresses. */
export function searchQuery({ text, isExact }: Search) {
  return { search: text, case: isExact ? 1 : null };
}

/** A form that leads to the page with the lines found; its script spares the way. */
export function SearchForm(
  { shown, search }: { shown: ShownLog; search: Search | null },
) {
  return (
    <form
      id="log-search"
      class="log-search"
      role="search"
      method="get"
      action={`/runs/${shown.run.number}#log-title`}
    >
      {shown.earlier !== null && (
        <input type="hidden" name="attempt" value={String(shown.earlier)} />
      )}
      <input
        type="search"
        name="search"
        value={search?.text ?? ""}
        maxlength={maxSearchLength}
        aria-label="Search the log"
        placeholder="Search the log"
        autocomplete="off"
        spellcheck={false}
      />
      <label>
        <input
          type="checkbox"
          name="case"
          value="1"
          checked={search?.isExact ?? false}
        />{" "}
        Match case
      </label>
      <button type="submit">Search</button>
    </form>
  );
}

/** The lines found, and where to go on. */
export function SearchResults(
  { shown, searched }: { shown: ShownLog; searched: Searched },
) {
  const { hits, next, search, first, lines } = searched;
  const query = searchQuery(search);
  const upTo = next === null ? lines : next - 1;
  return (
    <div id="log-found">
      <p role="status">
        {hits.length === 0 ? "No line" : countText(hits.length)}{" "}
        {hits.length === 1 || hits.length === 0 ? "holds" : "hold"}{" "}
        <q>{visible(search.text)}</q> {first === 1 && next === null
          ? `in ${countText(lines)}.`
          : `in lines ${first} to ${upTo} of ${lines}.`}
      </p>
      <div class="actions">
        <button type="button" data-step="-1" hidden>Previous</button>
        <button type="button" data-step="1" hidden>Next</button>
        {first > 1 && (
          <a class="button" href={pagePath(shown, query, "#log-title")}>
            From the beginning
          </a>
        )}
        {next !== null && (
          <a
            class="button"
            rel="next"
            href={pagePath(shown, { ...query, from: next }, "#log-title")}
          >
            Go on from line {next}
          </a>
        )}
      </div>
      {hits.length > 0 && (
        <ol class="hits">
          {hits.map(({ line, before, match, after }) => (
            <li>
              <a
                href={pagePath(
                  shown,
                  {
                    ...query,
                    from: first === 1 ? null : first,
                    line,
                  },
                  `#L${line}`,
                )}
                data-line={String(line)}
                aria-label={`Line ${line}`}
              >
                {line}
              </a>
              <code dir="ltr">
                {visible(before)}
                <mark>{visible(match)}</mark>
                {visible(after)}
              </code>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function countText(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`;
}
