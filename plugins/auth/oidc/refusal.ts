import * as client from "openid-client";
import * as z from "zod";
import { badCredential } from "../../../core/credential.ts";
import { ApiError } from "../../../core/error.ts";
import type { Issuer } from "./options.ts";
import { providerDown } from "./provider.ts";

/** What went wrong on the way back, in words for the person who waits for it; the cause is for the operator. */
export function refusal(issuer: Issuer, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const where = issuer.label ?? issuer.name;
  if (error instanceof client.AuthorizationResponseError) {
    const isNo = error.error === "access_denied";
    return badCredential(
      isNo
        ? `${where} did not let you in, or you cancelled it there`
        : `${where} did not sign you in; try again, and if it stays so tell the operator of this Slipway`,
      { cause: answered(error) },
    );
  }
  if (error instanceof client.ResponseBodyError) {
    return error.error === "invalid_grant"
      ? badCredential(
        `what ${where} sent along has been used before or is too old; sign in again`,
        { cause: answered(error) },
      )
      : misconfigured(where, answered(error));
  }
  if (error instanceof client.WWWAuthenticateChallengeError) {
    const answers = error.cause.map(({ parameters }) => parameters.error);
    return misconfigured(where, `it answered ${error.status} ${answers}`);
  }
  const isMismatch = error instanceof client.ClientError &&
    !["OAUTH_TIMEOUT", "OAUTH_ABORT", "OAUTH_RESPONSE_IS_NOT_CONFORM"]
      .includes(error.code ?? "");
  return isMismatch || error instanceof SyntaxError ||
      error instanceof z.ZodError
    ? badCredential(
      `what came back from ${where} does not belong to this sign-in; sign in again`,
      { cause: error },
    )
    : providerDown(issuer, error);
}

function misconfigured(where: string, cause: string): ApiError {
  return new ApiError(
    "unavailable",
    `Cannot sign in: ${where} does not do what this Slipway asks of it; tell its operator`,
    { cause },
  );
}

/** RFC 6749, 4.1.2.1 and 5.2. */
function answered(
  error: client.AuthorizationResponseError | client.ResponseBodyError,
): string {
  return `it answered ${error.error}: ${error.error_description ?? ""}`;
}
