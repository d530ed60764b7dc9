import type { Auth, Authenticate } from "../core/auth.ts";
import { ApiError } from "../core/error.ts";
import type { Principal } from "../core/principal.ts";

/** A started auth plugin. */
export type Scheme = {
  readonly auth: Auth;
  readonly authenticate: Authenticate;
};

/**
 * Asks each scheme in turn who sent the request.
 *
 * @throws ApiError `unauthenticated` with every scheme's challenge, when none knows or one finds its credential bad.
 */
export async function authenticate(
  schemes: readonly Scheme[],
  request: Request,
): Promise<Principal> {
  const challenges = {
    "www-authenticate": schemes.map(({ auth }) => auth.challenge).join(", "),
  };
  for (const scheme of schemes) {
    try {
      const principal = await scheme.authenticate(request);
      if (principal !== null) return principal;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "unauthenticated") {
        throw error;
      }
      throw new ApiError("unauthenticated", error.message, {
        headers: challenges,
        cause: error,
      });
    }
  }
  throw new ApiError(
    "unauthenticated",
    "Cannot tell who asks: the request carries no credential; send one, such as Authorization: Bearer TOKEN",
    { headers: challenges },
  );
}
