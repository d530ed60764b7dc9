import type { Settings } from "./core/settings.ts";
import authKey from "./plugins/auth/auth_key/mod.ts";
import basic from "./plugins/auth/basic/mod.ts";
import bearer from "./plugins/auth/bearer/mod.ts";
import oidc from "./plugins/auth/oidc/mod.ts";
import session from "./plugins/auth/session/mod.ts";
import tokenReview from "./plugins/auth/token_review/mod.ts";
import autopkgtest from "./plugins/backends/autopkgtest/mod.ts";
import prow from "./plugins/backends/prow/mod.ts";
import type { Plugins } from "./routes/app.ts";

/** Which plugins this deployment loads, with their options. */
export default function configure(settings: Settings): Plugins {
  const { signingKey, readSigningKey } = settings;
  return {
    auth: [
      // Ahead of bearer, which takes every bearer token for its own.
      ...(settings.oidc ? [oidc({ issuers: [settings.oidc] })] : []),
      ...(settings.cluster ? [tokenReview(settings.cluster)] : []),
      bearer({ signingKey, readSigningKey }),
      authKey(),
      basic(),
      session(),
    ],
    backends: [prow(), autopkgtest()],
  };
}
