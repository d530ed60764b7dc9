import { assertEquals } from "@std/assert";
import type { Facet } from "../core/facet.ts";
import { readFilter as readAny, toListPath } from "./run_filter.ts";

const arch: Facet = { name: "arch", label: "Architecture", members: ["arch"] };
const suite: Facet = { name: "suite", label: "Suite", members: ["suite"] };
const repo: Facet = { name: "repo", label: "Repository", members: ["repo"] };
const facets = new Map([["debian", [suite, arch]], ["prow", [repo, arch]]]);

function readFilter(query: Record<string, string>) {
  return readAny(query, facets);
}

Deno.test("a day at the end of a span is within it, and a moment has its zone or UTC", () => {
  const { filter } = readFilter({ from: "2026-01-31", to: "2026-01-31" });
  assertEquals(filter.createdSince, Date.UTC(2026, 0, 31));
  assertEquals(filter.createdUntil, Date.UTC(2026, 1, 1));
  for (
    const [text, at] of [
      ["2026-01-31T12:00", Date.UTC(2026, 0, 31, 12)],
      ["2026-01-31T12:00Z", Date.UTC(2026, 0, 31, 12)],
      ["2026-01-31T12:00:30.5+02:00", Date.UTC(2026, 0, 31, 10, 0, 30, 500)],
    ] as const
  ) assertEquals(readFilter({ from: text }).filter.createdSince, at);
  for (const text of ["soon", "2026-13-01", "0001-01-01", "31.1.2026"]) {
    const { faults, filter } = readFilter({ from: text });
    assertEquals(Object.keys(faults), ["from"], text);
    assertEquals(filter.createdSince, undefined);
  }
});

Deno.test("what is empty or unknown narrows nothing, and names of Object's own are no states", () => {
  assertEquals(readFilter({ job: " ", state: "", utm: "x", suite: " " }), {
    typed: {},
    faults: {},
    filter: {},
    facets: [suite, arch, repo],
  });
  for (const state of ["constructor", "__proto__", "toString"]) {
    assertEquals(Object.keys(readFilter({ state }).faults), ["state"]);
  }
});

Deno.test("a list's path holds what was typed, whatever it is", () => {
  const typed = { job: "a b&c=d", owner: "ü" };
  const path = toListPath(typed, { before: 7 });
  const query = Object.fromEntries(new URL(path, "http://x").searchParams);
  assertEquals(readFilter(query).typed, typed);
  assertEquals(readFilter(query).before, 7);
  assertEquals(readFilter({ before: "-1", above: "x" }).before, undefined);
});

Deno.test("a chosen backend has its own facets alone, all of them have each name once", () => {
  const query = { suite: "sid", repo: "o/r", arch: "amd64" };
  assertEquals(readFilter(query).filter, { facets: query });
  const own = readFilter({ ...query, backend: "prow" });
  assertEquals(own.facets, [repo, arch]);
  assertEquals(own.filter, {
    backend: "prow",
    facets: { repo: "o/r", arch: "amd64" },
  });
  assertEquals(readFilter({ backend: "other", suite: "sid" }).filter, {
    backend: "other",
  });
});
