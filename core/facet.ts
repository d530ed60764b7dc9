import type { Json, JsonObject } from "./json.ts";

/**
 * A further filter of a backend's runs, beside those that all runs have: it
 * stands in the form and the URL of `/runs`, and is kept by the core, with an
 * index, for every run that the backend submits.
 */
export type Facet = {
  /** In the URL: `suite`. Backends that mean the same by it may share it. */
  readonly name: string;
  /** What people read: `Suite`. */
  readonly label: string;
  /**
   * The member of a submission's `request` that holds the value, a text. Of
   * several the values are joined by `/` (`["org", "repo"]`), and the first of
   * them alone is a value too.
   */
  readonly members: readonly [string, ...string[]];
  /** An example, shown in the empty field. */
  readonly hint?: string;
};

/** A facet's name and one value of a run. */
export type FacetPair = readonly [name: string, value: string];

/** Longer values are not kept: nobody types them. */
export const maxFacetCharacters = 500;

/** What each backend's runs are filtered by, by its name. */
export type FacetsByBackend = ReadonlyMap<string, readonly Facet[]>;

/** The facets of several backends. */
export function facetsOf(
  backends: readonly {
    readonly name: string;
    readonly facets: readonly Facet[];
  }[],
): FacetsByBackend {
  return new Map(backends.map(({ name, facets }) => [name, facets]));
}

/** Names in the URL of `/runs` that are not a backend's to use. */
const taken = [
  "backend",
  "job",
  "state",
  "owner",
  "from",
  "to",
  "before",
  "above",
  "run",
];

/** The values by which a request is found, in the order of the facets. */
export function facetPairs(
  facets: readonly Facet[],
  request: JsonObject,
): FacetPair[] {
  return facets.flatMap(({ name, members }) => {
    const values: FacetPair[] = [];
    for (let count = 1; count <= members.length; count++) {
      const parts = members.slice(0, count).map((member) =>
        toText(request[member])
      );
      const value = parts.join("/");
      if (parts.includes("") || value.length > maxFacetCharacters) break;
      values.push([name, value]);
    }
    return values;
  });
}

/** What is wrong with a backend's facets, a line each. */
export function facetFaults(
  backend: string,
  facets: readonly Facet[],
): string[] {
  const names = facets.map(({ name }) => name);
  return names.flatMap((name, at) => {
    const facet = `${backend}: the facet ${JSON.stringify(name)}`;
    if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) {
      return [`${facet} must be named with a-z, 0-9 and _`];
    }
    if (taken.includes(name)) return [`${facet} has a name that is taken`];
    return names.indexOf(name) < at ? [`${facet} is there twice`] : [];
  });
}

function toText(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : "";
}
