import type { Auth, Authenticate } from "../core/auth.ts";
import { ApiError } from "../core/error.ts";
import type { Principal } from "../core/principal.ts";
import { assertSameOrigin } from "./same_origin.ts";

/** A started auth plugin. */
export type Scheme = {
  readonly auth: Auth;
  readonly authenticate: Authenticate;
};

/**
 * Who sent the request. Every route learns it here, so that none can forget to
 * refuse what another site's page asks for with a remembered password.
 *
 * @throws ApiError `unauthenticated`, or `forbidden` for such a page.
 */
export async function authenticate(
  schemes: readonly Scheme[],
  request: Request,
  baseUrl: string,
  source: string | null,
): Promise<Principal> {
  const { auth, principal } = await recognise(schemes, request, source);
  if (auth.isAmbient) assertSameOrigin(request, baseUrl);
  return principal;
}

/**
 * Asks each scheme in turn who sent the request.
 *
 * @throws ApiError `unauthenticated` with every scheme's challenge, when none knows or one finds its credential bad.
 */
async function recognise(
  schemes: readonly Scheme[],
  request: Request,
  source: string | null,
): Promise<{ readonly auth: Auth; readonly principal: Principal }> {
  const challenges = {
    "www-authenticate": schemes.map(({ auth }) => auth.challenge).join(", "),
  };
  for (const scheme of schemes) {
    try {
      const principal = await scheme.authenticate(request, source);
      if (principal !== null) return { auth: scheme.auth, principal };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "unauthenticated") {
        throw error;
      }
      const { known } = error.options;
      throw new ApiError("unauthenticated", error.message, {
        headers: challenges,
        cause: error,
        known: known && { ...known, via: scheme.auth.name },
      });
    }
  }
  throw new ApiError(
    "unauthenticated",
    "Cannot tell who asks: the request carries no credential; send one, such as Authorization: Bearer TOKEN",
    { headers: challenges },
  );
}
