/**
 * What a browser without script does, over real HTTP: cookies, redirects,
 * forms, and the headers that say where a request comes from.
 * @module
 */
import { assert } from "@std/assert";

type Cookie = {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly attributes: string;
};

/** What a browser shows. */
export type Shown = {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

/** A browser with a cookie jar of its own; as in real ones, ports share it. */
export class Browser {
  readonly jar = new Map<string, Cookie>();
  /** Every URL that was asked for, in order. */
  readonly visited: string[] = [];
  #origin: string | null = null;

  /** The value of a cookie; undefined when there is none. */
  cookie(name: string): string | undefined {
    return this.jar.get(name)?.value;
  }

  /** Types a URL into the address bar. */
  open(url: string | URL): Promise<Shown> {
    this.#origin = null;
    return this.#follow(new URL(url), "GET", null);
  }

  /** Follows redirects up to the first URL that fits, which is not asked for. */
  async openUntil(url: string | URL, stop: RegExp): Promise<URL> {
    this.#origin = null;
    const shown = await this.#follow(new URL(url), "GET", null, stop);
    return shown.url;
  }

  /** Fills in the page's first form and sends it. */
  submit(
    page: Shown,
    fields: Readonly<Record<string, string>>,
    stop?: RegExp,
  ): Promise<Shown> {
    const form = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(
      page.text,
    );
    assert(form, `there is no form on ${page.url}: ${page.text}`);
    const [, action = "", inside = ""] = form;
    const body = new URLSearchParams();
    for (const [input] of inside.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      const value = /value="([^"]*)"/.exec(input)?.[1] ?? "";
      if (name !== undefined) body.set(name, value);
    }
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    this.#origin = page.url.origin;
    return this.#follow(new URL(action, page.url), "POST", body, stop);
  }

  /** Follows the first link whose address fits. */
  click(page: Shown, address: RegExp): Promise<Shown> {
    const href = [...page.text.matchAll(/<a [^>]*href="([^"]*)"/g)]
      .map(([, href = ""]) => href.replaceAll("&amp;", "&"))
      .find((href) => address.test(href));
    assert(href !== undefined, `there is no link ${address}: ${page.text}`);
    this.#origin = page.url.origin;
    return this.#follow(new URL(href, page.url), "GET", null);
  }

  /** The `Cookie` header for a URL. */
  cookiesFor(url: URL): string {
    return [...this.jar.values()]
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  async #follow(
    url: URL,
    method: string,
    body: URLSearchParams | null,
    stop?: RegExp,
  ): Promise<Shown> {
    for (let hop = 0; hop < 12; hop++) {
      if (stop?.test(url.href)) {
        return { url, status: 0, headers: new Headers(), text: "" };
      }
      this.visited.push(url.href);
      const response = await fetch(url, {
        method,
        headers: this.#headers(url, method),
        body: method === "POST" ? body : null,
        redirect: "manual",
      });
      const text = await response.text();
      this.#keep(response.headers);
      const { status, headers } = response;
      const location = headers.get("location");
      if (location === null) return { url, status, headers, text };
      // Once a hop is foreign, so is what comes after it.
      if (this.#origin !== null && this.#origin !== url.origin) {
        this.#origin = "null";
      }
      url = new URL(location, url);
      method = "GET";
    }
    throw new Error(`Too many redirects: ${this.visited.join(" ")}`);
  }

  #headers(url: URL, method: string): Headers {
    const headers = new Headers({
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "sec-fetch-site": this.#origin === null
        ? "none"
        : this.#origin === url.origin
        ? "same-origin"
        : "cross-site",
      "user-agent": "Tests/1.0",
    });
    const cookies = this.cookiesFor(url);
    if (cookies !== "") headers.set("cookie", cookies);
    if (method === "POST") headers.set("origin", this.#origin ?? "null");
    return headers;
  }

  #keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(/;\s*/);
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      const find = (key: string) =>
        attributes.map((each) => each.split("="))
          .find(([found]) => found?.toLowerCase() === key)?.[1];
      const expires = find("expires");
      const isOver = find("max-age") === "0" ||
        expires !== undefined && Date.parse(expires) <= Date.now();
      if (isOver) this.jar.delete(name);
      else {
        this.jar.set(name, {
          name,
          value,
          path: find("path") ?? "/",
          attributes: attributes.join("; "),
        });
      }
    }
  }
}
