import type { Child } from "hono/jsx";
import { Name } from "../../../../ui/kit/mod.ts";
import { filterParams, type PlaceFilter, type Places } from "./places.ts";

/** Suites and architectures to choose from; none is all. */
export function PlaceFilterForm(
  { path, places, chosen, only }: {
    path: string;
    places: Places;
    chosen: PlaceFilter;
    only?: "suites";
  },
) {
  return (
    <form class="filter" action={path} method="get">
      <Boxes
        legend="Suites"
        name="suite[]"
        all={places.suites}
        chosen={chosen.suites}
      />
      {only === undefined && (
        <Boxes
          legend="Architectures"
          name="arch[]"
          all={places.archs}
          chosen={chosen.archs}
        />
      )}
      <button type="submit">Filter</button>
      <a href={path}>Reset</a>
    </form>
  );
}

function Boxes(
  { legend, name, all, chosen }: {
    legend: string;
    name: string;
    all: readonly string[];
    chosen: readonly string[];
  },
) {
  return (
    <fieldset class="boxes">
      <legend>{legend}</legend>
      {[...new Set([...all, ...chosen])].map((value) => (
        <label>
          <input
            type="checkbox"
            name={name}
            value={value}
            checked={chosen.includes(value)}
          />{" "}
          <Name text={value} />
        </label>
      ))}
    </fieldset>
  );
}

/** What the list says when it is empty: of a filter, of a later page, of nothing at all. */
export function Nothing(
  { path, filter, isFirst, children }: {
    path: string;
    filter: PlaceFilter;
    isFirst: boolean;
    children?: Child;
  },
) {
  const isFiltered = filterParams(filter).length > 0;
  return (
    <p class="empty">
      {!isFirst
        ? (
          <>
            No more. <a href={path}>Back to the beginning</a>
          </>
        )
        : isFiltered
        ? (
          <>
            Nothing in these suites and architectures.{" "}
            <a href={path}>Show all</a>
          </>
        )
        : children}
    </p>
  );
}
