import type { Settings } from "./core/settings.ts";
import authKey from "./plugins/auth/auth_key/mod.ts";
import basic from "./plugins/auth/basic/mod.ts";
import bearer from "./plugins/auth/bearer/mod.ts";
import autopkgtest from "./plugins/backends/autopkgtest/mod.ts";
import prow from "./plugins/backends/prow/mod.ts";
import type { Plugins } from "./routes/app.ts";

/** Which plugins this deployment loads, with their options. */
export default function configure(settings: Settings): Plugins {
  const { signingKey, readSigningKey } = settings;
  return {
    auth: [bearer({ signingKey, readSigningKey }), authKey(), basic()],
    backends: [prow(), autopkgtest()],
  };
}
