import { assert, assertEquals } from "@std/assert";
import { parseHTML } from "linkedom";
import prow from "../plugins/backends/prow/mod.ts";
import { type DebciRig, startDebci } from "./debci.ts";

/** What the tests use of an element: the parser's own types need those of a browser. */
type Queried = {
  readonly textContent: string;
  readonly outerHTML: string;
  readonly attributes: Iterable<{ readonly name: string }>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Queried | null;
  querySelectorAll(selector: string): Iterable<Queried>;
  getElementById(id: string): Queried | null;
};

/** A page as a browser's parser reads it. */
export type Page = {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly document: Queried;
  /** Text of the page's content. */
  readonly text: string;
};

/** A server with pages, package tests that anybody may read, and Prow jobs that nobody may without signing in. */
export function startPages(
  options: Parameters<typeof startDebci>[0] = {},
): Promise<DebciRig> {
  return startDebci(options, {}, [prow()]);
}

/** Reads a page as a browser asks for it; without `user`, as nobody. */
export async function readPage(
  { app }: Pick<DebciRig, "app">,
  path: string,
  user?: string,
): Promise<Page> {
  const response = await app.request(path, {
    headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" },
    ...user !== undefined && { user },
  });
  const html = await response.text();
  const { document } = parseHTML(
    html || "<!DOCTYPE html><html></html>",
  ) as unknown as { readonly document: Queried };
  return {
    status: response.status,
    headers: response.headers,
    html,
    document,
    text: document.querySelector("main")?.textContent ?? "",
  };
}

/** What a page may hold at most, whatever names and lines it shows: no element, attribute or link that they brought along. */
export function assertHarmless({ document, headers, html }: Page): void {
  const policy = headers.get("content-security-policy") ?? "";
  assert(policy.startsWith("default-src 'none'"), policy);
  assert(!/unsafe|https?:|\*/.test(policy), policy);
  const brought = "img, iframe, object, embed, [style], style, b";
  assertEquals([...document.querySelectorAll(brought)], []);
  for (const script of document.querySelectorAll("script")) {
    assert(script.getAttribute("src")?.startsWith("/assets/"), html);
    assertEquals(script.textContent, "");
  }
  for (const element of document.querySelectorAll("*")) {
    for (const { name } of element.attributes) {
      assert(!name.startsWith("on"), `${element.outerHTML} has ${name}`);
    }
    const href = element.getAttribute("href") ?? element.getAttribute("action");
    if (href === null) continue;
    assert(/^(\/(?!\/)|#|https?:\/\/)/.test(href), element.outerHTML);
  }
  // Bidi controls would turn what stands beside them; a form keeps what was typed.
  const shown = html.replaceAll(/ value="[^"]*"/g, "")
    .replaceAll(/<textarea[^>]*>[^<]*/g, "");
  // deno-lint-ignore no-control-regex -- these are what must not be there
  const unseen = /[\u202a-\u202e\u2066-\u2069\u001b]/.exec(shown);
  assertEquals(unseen && shown.slice(0, unseen.index + 1).slice(-80), null);
}
