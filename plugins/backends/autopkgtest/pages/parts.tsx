import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../../../../core/app_env.ts";
import { Name, State } from "../../../../ui/kit/mod.ts";
import type { Place } from "../history.ts";
import type { PackageStatus } from "./package_store.ts";
import type { Parameters } from "./parameters.ts";
import {
  historyPath,
  listPath,
  packagePath,
  statusLists,
  statusPath,
} from "./path.ts";

/** A package by name, as a link to how it does everywhere. */
export function PackageLink({ name }: { name: string }) {
  return (
    <a href={packagePath(name)}>
      <Name text={name} />
    </a>
  );
}

/** Where tests are asked for: the form, by the path that leads everybody to their own, and the API. */
export function AskForTest() {
  return (
    <>
      <a href="/user/:user/test">Request a test</a>, or ask through the{" "}
      <a href="/api/doc">API</a>.
    </>
  );
}

/** `suite · arch`, as a link to the package's history there. */
export function PlaceLink({ name, place }: { name: string; place: Place }) {
  return (
    <a href={historyPath(name, place)}>
      <Name text={place.suite} /> · <Name text={place.arch} />
    </a>
  );
}

/** How a test ended, as a link to it. */
export function ResultLink(
  { status }: { status: Pick<PackageStatus, "number" | "state"> },
) {
  return (
    <a href={`/runs/${status.number}`}>
      <State state={status.state} />
    </a>
  );
}

/** A version in a line that breaks anywhere; a dash where there is none. */
export function Version({ text }: { text: string | null }) {
  return text === null || text === "" ? <>–</> : <Name text={text} />;
}

/** What a test was asked for beside its package: trigger and pins. */
export function ParameterList({ of: { trigger, pins } }: { of: Parameters }) {
  if (trigger === null && pins.length === 0) return <>–</>;
  return (
    <>
      {trigger !== null && <Name text={trigger} />}
      {pins.map((pin) => (
        <small class="pin">
          pinned: <Name text={pin} />
        </small>
      ))}
    </>
  );
}

/** A table in a box of its own, which scrolls where it is wider than the page. */
export function Grid(
  { label, head, children }: {
    label: string;
    head: readonly Child[];
    children?: Child;
  },
) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={label}>
      <table class="grid">
        <caption>{label}</caption>
        <thead>
          <tr>{head.map((each) => <th scope="col">{each}</th>)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** The pages below `/status/`. */
export function StatusNav({ c }: { c: Context<AppEnv> }) {
  const here = c.req.path;
  const links = [
    [statusPath, "All packages"] as const,
    ...statusLists.map(([list, title]) => [listPath(list), title] as const),
  ];
  return (
    <nav class="pages status-nav" aria-label="Package status">
      {links.map(([path, title]) => (
        <a href={path} aria-current={path === here ? "page" : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}

/** Where a list goes on. */
export function Pages(
  { path, params = [], isFirst, next, words = ["First", "Next"] }: {
    path: string;
    params?: readonly [string, string][];
    isFirst: boolean;
    /** What the page behind this one is found by; null where there is none. */
    next: readonly [string, string] | null;
    words?: readonly [first: string, next: string];
  },
) {
  if (isFirst && next === null) return null;
  const to = (more: readonly [string, string][]) => {
    const query = new URLSearchParams([...params, ...more]).toString();
    return query === "" ? path : `${path}?${query}`;
  };
  return (
    <nav class="pages" aria-label="Pages">
      {!isFirst && <a href={to([])}>{words[0]}</a>}
      {next !== null && <a rel="next" href={to([[...next]])}>{words[1]} →</a>}
    </nav>
  );
}
