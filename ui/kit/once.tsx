import { ApiError } from "../../core/error.ts";
import { uuidV7 } from "../../core/id.ts";
import { hashSecret } from "../../http/secret_hash.ts";

/**
 * Forms whose answer shows a secret once. Leading on to another page would mean
 * to keep the secret for it, so that the form itself is answered; and a browser
 * that loads that answer again sends the form again. The id of what a form makes
 * follows from the form, so that the store takes it once.
 * @module
 */

const fieldName = "form_id";

const uuid7 =
  /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** Names this very form. `id` is a new UUID (version 7). */
export function OnceField({ id }: { id: string }) {
  return <input type="hidden" name={fieldName} value={id} />;
}

/**
 * The id (a UUID of version 7) of what a form makes for an account: the same for
 * the same form. It is a hash, so that nobody chooses the id of something else.
 *
 * @throws ApiError `invalid` for a form without `OnceField`.
 */
export function onceId(fields: URLSearchParams, account: number): string {
  const form = fields.get(fieldName) ?? "";
  if (!uuid7.test(form)) {
    throw new ApiError(
      "invalid",
      "Cannot take this form: it does not say which one it is; load the page again",
    );
  }
  const madeAt = parseInt(form.replace("-", "").slice(0, 12), 16);
  const hash = hashSecret(`slipway form of ${account}\n${form}`);
  return uuidV7(madeAt, Uint8Array.fromHex(hash).subarray(0, 10));
}
