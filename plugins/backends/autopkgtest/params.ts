import { readText } from "../../../http/body.ts";
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
): Promise<[string, string][]> {
  // The platform's parser replaces what is not UTF-8 without a word; reading the text first refuses it.
  const text = await readText(request, maxBytes);
  if (!isWhole(text, type)) {
    throw new Refusal(
      "Error: Cannot read the form: its body ends before the closing boundary; send all of it\n",
    );
  }
  const form = await new Response(text, { headers: { "content-type": type } })
    .formData().catch(() => {
      throw new Refusal(
        "Error: Cannot read the form: its body is not multipart/form-data with the boundary of its Content-Type\n",
      );
    });
  return await Promise.all(
    [...form].map(async ([name, value]): Promise<[string, string]> => [
      name,
      typeof value === "string" ? value : await value.text(),
    ]),
  );
}

/**
 * Whether a form's closing boundary is there (RFC 2046, 5.1.1). The platform's
 * parser takes a form that was cut off for a shorter one, without `is_private`
 * for instance.
 */
function isWhole(text: string, type: string): boolean {
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type);
  const boundary = match?.[1] ?? match?.[2];
  // Without a boundary there is no form at all, which the parser says.
  return boundary === undefined ||
    `\r\n${text}`.includes(`\r\n--${boundary}--`);
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
