/** The fields of a form, files as their text; or what is wrong with it, as half a sentence. */
export type Multipart =
  | {
    readonly ok: true;
    readonly fields: readonly (readonly [string, string])[];
  }
  | { readonly ok: false; readonly fault: string };

/** Whether a body of this `Content-Type` is a form with files (RFC 7578). */
export function isMultipart(contentType: string): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(contentType);
}

/**
 * Reads a form with files out of its body. The body comes as text, since the
 * platform's parser replaces what is not UTF-8 without a word, while reading
 * the text first refuses it.
 */
export async function parseMultipart(
  text: string,
  contentType: string,
): Promise<Multipart> {
  if (!isWhole(text, contentType)) {
    return {
      ok: false,
      fault: "its body ends before the closing boundary; send all of it",
    };
  }
  const form = await new Response(text, {
    headers: { "content-type": contentType },
  }).formData().catch(() => null);
  if (form === null) {
    return {
      ok: false,
      fault:
        "its body is not multipart/form-data with the boundary of its Content-Type",
    };
  }
  const fields = await Promise.all(
    [...form].map(async ([name, value]) =>
      [name, typeof value === "string" ? value : await value.text()] as const
    ),
  );
  return { ok: true, fields };
}

/**
 * Whether a form's closing boundary is there (RFC 2046, 5.1.1). The platform's
 * parser takes a form that was cut off for a shorter one, without `is_private`
 * for instance.
 */
function isWhole(text: string, contentType: string): boolean {
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  // Without a boundary there is no form at all, which the parser says.
  return boundary === undefined ||
    `\r\n${text}`.includes(`\r\n--${boundary}--`);
}
