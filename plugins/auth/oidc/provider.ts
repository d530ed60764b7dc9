import { createRemoteJWKSet, customFetch, errors } from "jose";
import type { CryptoKey, FlattenedJWSInput, JWSHeaderParameters } from "jose";
import * as client from "openid-client";
import { ApiError } from "../../../core/error.ts";
import type { Issuer } from "./options.ts";

/** What a provider is lent. */
export type ProviderLent = {
  readonly fetch: typeof fetch;
  readonly now: () => number;
};

/** An answer takes longer from no provider that works. */
const timeoutSeconds = 5;

type FindKey = (
  header: JWSHeaderParameters,
  token: FlattenedJWSInput,
) => Promise<CryptoKey>;

/**
 * An issuer's server: what it says of itself (OpenID Connect Discovery 1.0) and
 * its keys, fetched when they are first needed and kept. While it does not answer
 * it is asked once per cooldown, however many tokens come.
 */
export class Provider {
  readonly #issuer: Issuer;
  readonly #lent: ProviderLent;
  #discovered: Promise<client.Configuration> | undefined;
  #keys: FindKey | undefined;
  #failedAt = -Infinity;

  constructor(issuer: Issuer, lent: ProviderLent) {
    this.#issuer = issuer;
    this.#lent = lent;
  }

  /**
   * Slipway as a client of the provider.
   *
   * @throws ApiError `unavailable` when it does not answer as it must.
   */
  async discover(): Promise<client.Configuration> {
    try {
      return await (this.#discovered ??= this.#ask());
    } catch (error) {
      this.#discovered = undefined;
      throw providerDown(this.#issuer, error);
    }
  }

  /**
   * The key that signed a token.
   *
   * @throws JOSEError when the provider has none, ApiError `unavailable` when it does not answer.
   */
  async findKey(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> {
    this.#keys ??= this.#openKeys(await this.discover());
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (isTokensFault(error)) throw error;
      throw providerDown(this.#issuer, error);
    }
  }

  #ask(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#issuer;
    const isPlain = new URL(issuer).protocol === "http:";
    return client.discovery(
      new URL(issuer),
      clientId ?? "slipway",
      {
        [client.clockTolerance]: this.#issuer.clockToleranceSeconds,
        ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      },
      clientAuthentication(this.#issuer),
      {
        execute: [
          client.enableNonRepudiationChecks,
          // Only on this machine: the options see to it.
          ...(isPlain ? [client.allowInsecureRequests] : []),
        ],
        timeout: timeoutSeconds,
        [client.customFetch]: (url, options) =>
          this.#patientFetch(url, toInit(options)),
      },
    ).then((configuration) => {
      // The library lets some providers that serve many tenants call themselves otherwise.
      const { issuer: own } = configuration.serverMetadata();
      if (own !== issuer) throw new Error(`it calls itself ${own}`);
      // Whoever signs in by browser may try again at once.
      configuration[client.customFetch] = async (url, options) => {
        const response = await this.#lent.fetch(url, toInit(options));
        const { status, headers } = response;
        // Read here, since the library leaves the bodies of some refusals open.
        const bytes = await response.arrayBuffer();
        if (status >= 500) throw new TypeError(`it answered ${status}`);
        const body = bytes.byteLength === 0 ? null : bytes;
        return new Response(body, { status, headers });
      };
      return configuration;
    });
  }

  #openKeys(configuration: client.Configuration): FindKey {
    const { jwks_uri } = configuration.serverMetadata();
    if (jwks_uri === undefined) {
      throw providerDown(this.#issuer, new Error("it names no jwks_uri"));
    }
    return createRemoteJWKSet(new URL(jwks_uri), {
      cooldownDuration: this.#issuer.cooldownSeconds * 1000,
      timeoutDuration: timeoutSeconds * 1000,
      [customFetch]: (url, options) => this.#patientFetch(url, options),
    });
  }

  /** Asks nothing within a cooldown of the last failure. */
  async #patientFetch(url: string, init: RequestInit): Promise<Response> {
    const { now, fetch } = this.#lent;
    if (now() - this.#failedAt < this.#issuer.cooldownSeconds * 1000) {
      throw new Error("it failed a moment ago and is not asked again yet");
    }
    try {
      const response = await fetch(url, init);
      if (response.status === 200) return response;
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    } catch (error) {
      this.#failedAt = now();
      throw error;
    }
  }
}

/** The library's idea of a request's body is wider than the platform's. */
function toInit({ body, ...rest }: client.CustomFetchOptions): RequestInit {
  if (body === undefined) return rest;
  return {
    ...rest,
    body: body instanceof Uint8Array ? new Uint8Array(body) : body,
  };
}

function clientAuthentication(issuer: Issuer): client.ClientAuth {
  const { clientSecret, clientAuthentication } = issuer;
  if (clientSecret === undefined) return client.None();
  return clientAuthentication === "client_secret_basic"
    ? client.ClientSecretBasic(clientSecret)
    : client.ClientSecretPost(clientSecret);
}

function isTokensFault(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported;
}

/** The refusal when an issuer's server does not answer as it must. */
export function providerDown(issuer: Issuer, cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const seconds = Math.ceil(Math.max(1, issuer.cooldownSeconds));
  return new ApiError(
    "unavailable",
    `Cannot sign in through ${issuer.issuer}: it does not answer as an OpenID provider does; try again in ${seconds} s, or use a token or key of Slipway's own`,
    { headers: { "retry-after": String(seconds) }, cause },
  );
}
