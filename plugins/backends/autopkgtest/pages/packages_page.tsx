import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import { answerPage, Name, visible } from "../../../../ui/kit/mod.ts";
import { prefixOf } from "../data_path.ts";
import type { Options } from "../options.ts";
import { requireReadable } from "./access.ts";
import { cut } from "./cursor.ts";
import {
  countPackages,
  listPackages,
  type NameFilter,
  readStatuses,
} from "./package_store.ts";
import { PackageTable } from "./package_table.tsx";
import { AskForTest, Pages } from "./parts.tsx";
import { packagesPath, prefixPath } from "./path.ts";
import { readPlaces } from "./places.ts";

const shownPackages = 50;
const searchPath = `${packagesPath}-/search`;

/** `/packages/`: a search, and the packages by the beginning of their names. */
export async function showPackages(
  { database, options }: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, options, null);
  const prefixes = await countPackages(database);
  const total = prefixes.reduce((sum, { count }) => sum + count, 0);
  return answerPage(c, {
    title: "Packages",
    children: (
      <>
        <h1>Packages</h1>
        <SearchForm query="" />
        {total === 0
          ? (
            <p class="empty">
              No package was tested yet. <AskForTest />
            </p>
          )
          : (
            <section aria-labelledby="prefixes-title">
              <h2 id="prefixes-title">
                By name <small>{total} packages</small>
              </h2>
              <ul class="prefixes">
                {prefixes.map(({ prefix, count }) => (
                  <li>
                    <a href={prefixPath(prefix)}>
                      <Name text={prefix} />
                    </a>{" "}
                    <small>{count}</small>
                  </li>
                ))}
              </ul>
            </section>
          )}
      </>
    ),
  });
}

/** `/packages/PREFIX/`: how the packages with a prefix do (debci 103). */
export async function showPrefix(
  context: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, context.options, null);
  const { prefix = "" } = c.req.param();
  // What is no prefix of a name has no page; one of which there is no package has an empty one.
  if (!/^[a-z0-9]/.test(prefix) || prefixOf(prefix) !== prefix) {
    throw new ApiError(
      "not_found",
      `Cannot find packages under "${prefix}": they are under their first letter, or under the first four of a library, such as liba`,
    );
  }
  const path = prefixPath(prefix);
  return answerPage(c, {
    title: `Packages ${visible(prefix)}`,
    children: (
      <>
        <h1>
          Packages <Name text={prefix} />
        </h1>
        <SearchForm query="" />
        {await list(context, c, path, [], { prefix })}
      </>
    ),
  });
}

/** `/packages/-/search?query=`: packages whose names hold a text. */
export async function showSearch(
  context: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Response> {
  requireReadable(c, context.options, null);
  const query = (c.req.query("query") ?? "").trim().slice(0, 200);
  const part = query.toLowerCase();
  return answerPage(c, {
    title: query === "" ? "Search" : `Packages with ${visible(query)}`,
    children: (
      <>
        <h1>Packages</h1>
        <SearchForm query={query} />
        {part === ""
          ? <p class="empty">Type some letters of a package's name.</p>
          : await list(context, c, searchPath, [["query", query]], { part })}
      </>
    ),
  });
}

function SearchForm({ query }: { query: string }) {
  return (
    <form class="filter" action={searchPath} method="get" role="search">
      <label>
        Part of a package's name
        <input
          type="search"
          name="query"
          value={query}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </label>
      <button type="submit">Search</button>
    </form>
  );
}

async function list(
  { database, options }: BackendContext<Options>,
  c: Context<AppEnv>,
  path: string,
  params: readonly [string, string][],
  filter: Omit<NameFilter, "limit">,
) {
  const after = c.req.query("after") || undefined;
  const names = await listPackages(database, {
    ...filter,
    ...after !== undefined && { after },
    limit: shownPackages + 1,
  });
  const { shown, last } = cut(names, shownPackages);
  if (shown.length === 0) {
    return (
      <p class="empty">
        {after === undefined
          ? "No tested package has such a name. "
          : "No more packages. "}
        <a href={packagesPath}>All packages</a>
      </p>
    );
  }
  const [statuses, places] = await Promise.all([
    readStatuses(database, shown),
    readPlaces(database, options),
  ]);
  return (
    <>
      <PackageTable names={shown} statuses={statuses} places={places} />
      <Pages
        path={path}
        params={params}
        isFirst={after === undefined}
        next={last === undefined ? null : ["after", last]}
      />
    </>
  );
}
