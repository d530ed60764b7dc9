import { readText } from "../../../http/body.ts";
import { parseMultipart } from "../../../http/multipart.ts";
import { Refusal } from "./refusal.ts";

/** A parameter as debci's framework tells them apart by name: `a`, `a[]`, `a[b]`. A file counts as its text. */
export type Param =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list" }
  | { readonly kind: "map" };

/** A request's parameters by name. Of several with one name the last counts. */
export type Params = ReadonlyMap<string, Param>;

/**
 * Reads the parameters of the query and of the body (wire 1.1), the body's
 * over the query's. A body that is neither urlencoded nor multipart, JSON for
 * one, is none of debci's and ignored.
 *
 * @throws Refusal when they cannot be decoded, ApiError `too_large`.
 */
export async function readParams(
  request: Request,
  maxBytes: number,
): Promise<Params> {
  return new Map([
    ...queryParams(request),
    ...await bodyParams(request, maxBytes),
  ]);
}

/** The parameters of a request's query. */
export function queryParams(request: Request): Params {
  const [, query = ""] = /\?([^#]*)/.exec(request.url) ?? [];
  return toParams(decodePairs(query));
}

async function bodyParams(request: Request, maxBytes: number): Promise<Params> {
  const type = request.headers.get("content-type") ?? "";
  const media = type.split(";")[0]?.trim().toLowerCase() ?? "";
  switch (media) {
    case "":
    case "application/x-www-form-urlencoded":
      return toParams(decodePairs(await readText(request, maxBytes)));
    case "multipart/form-data":
      return toParams(await readMultipart(request, type, maxBytes));
    default:
      return new Map();
  }
}

function decodePairs(text: string): [string, string][] {
  return text.split("&").filter((pair) => pair !== "").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [decode(name), decode(value.join("="))];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Refusal(
      "Error: Cannot decode the parameters: they are not UTF-8 in percent-encoding\n",
    );
  }
}

async function readMultipart(
  request: Request,
  type: string,
  maxBytes: number,
): Promise<readonly (readonly [string, string])[]> {
  const form = await parseMultipart(await readText(request, maxBytes), type);
  if (form.ok) return form.fields;
  throw new Refusal(`Error: Cannot read the form: ${form.fault}\n`);
}

function toParams(pairs: readonly (readonly [string, string])[]): Params {
  const params = new Map<string, Param>();
  for (const [name, text] of pairs) {
    const bracket = name.indexOf("[", 1);
    if (bracket < 0) params.set(name, { kind: "text", text });
    else {
      const kind = name.startsWith("[]", bracket) ? "list" : "map";
      params.set(name.slice(0, bracket), { kind });
    }
  }
  return params;
}
