import { ApiError } from "../core/error.ts";
import { readText } from "./body.ts";

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
