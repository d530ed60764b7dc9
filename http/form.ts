import { ApiError } from "../core/error.ts";
import { readText } from "./body.ts";
import { isMultipart, parseMultipart } from "./multipart.ts";

/**
 * Reads the form of one of our pages; what has no body is an empty one.
 *
 * @throws ApiError `unsupported_media_type`, `too_large` or `invalid`.
 */
export async function readForm(
  request: Request,
  maxBytes: number,
): Promise<URLSearchParams> {
  if (request.body === null) return new URLSearchParams();
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new ApiError(
      "unsupported_media_type",
      "Cannot read the form: send it as application/x-www-form-urlencoded",
    );
  }
  return new URLSearchParams(await readText(request, maxBytes));
}

/**
 * As `readForm`, for a form that may have files in it: a file's text is the value of its field.
 *
 * @throws as `readForm`.
 */
export async function readUploadForm(
  request: Request,
  maxBytes: number,
): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  if (!isMultipart(type)) return await readForm(request, maxBytes);
  const form = await parseMultipart(await readText(request, maxBytes), type);
  if (!form.ok) {
    throw new ApiError("invalid", `Cannot read the form: ${form.fault}`);
  }
  const fields = new URLSearchParams();
  for (const [name, value] of form.fields) fields.append(name, value);
  return fields;
}
