import type { Auth, Authenticate } from "../core/auth.ts";
import { ApiError } from "../core/error.ts";
import { type Principal, principalId } from "../core/principal.ts";
import { assertSameOrigin } from "./same_origin.ts";

/** A started auth plugin. */
export type Scheme = {
  readonly auth: Auth;
  readonly authenticate: Authenticate;
};

/**
 * Asks each scheme in turn who sent the request; null when it carries nothing
 * that one of them knows. Every route learns it here, so that none can forget to
 * refuse what another site's page asks for with a remembered password.
 * A bad credential of a scheme that `isForgiven` counts for none.
 *
 * @throws ApiError `unauthenticated` with every scheme's challenge, when one finds its credential bad; `forbidden` for such a page.
 */
export async function recognise(
  schemes: readonly Scheme[],
  request: Request,
  baseUrl: string,
  source: string | null,
  isForgiven: (auth: Auth) => boolean = () => false,
): Promise<Principal | null> {
  for (const scheme of schemes) {
    try {
      const principal = await scheme.authenticate(request, source);
      if (principal === null) continue;
      if (scheme.auth.isAmbient) {
        const { via, credential } = principal;
        const known = { principal: principalId(principal), via, credential };
        assertSameOrigin(request, baseUrl, known);
      }
      return principal;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "unauthenticated") {
        throw error;
      }
      if (isForgiven(scheme.auth)) continue;
      const { known } = error.options;
      throw new ApiError("unauthenticated", error.message, {
        headers: challenges(schemes),
        cause: error,
        known: known && { ...known, via: scheme.auth.name },
      });
    }
  }
  return null;
}

/**
 * As `recognise`, for what anybody may read. A session that is over is no reason
 * to refuse it: the browser sends its cookie along, whether its user wants that or not.
 */
export function recogniseReader(
  schemes: readonly Scheme[],
  request: Request,
  baseUrl: string,
  source: string | null,
): Promise<Principal | null> {
  return recognise(
    schemes,
    request,
    baseUrl,
    source,
    ({ scheme }) => scheme.in === "cookie",
  );
}

/**
 * As `recognise`, where nobody goes unrecognised.
 *
 * @throws ApiError `unauthenticated` with every scheme's challenge.
 */
export async function authenticate(
  schemes: readonly Scheme[],
  request: Request,
  baseUrl: string,
  source: string | null,
): Promise<Principal> {
  const principal = await recognise(schemes, request, baseUrl, source);
  if (principal !== null) return principal;
  throw new ApiError(
    "unauthenticated",
    "Cannot tell who asks: the request carries no credential; send one, such as Authorization: Bearer TOKEN",
    { headers: challenges(schemes) },
  );
}

function challenges(schemes: readonly Scheme[]): Record<string, string> {
  return {
    "www-authenticate": schemes.map(({ auth }) => auth.challenge).join(", "),
  };
}
