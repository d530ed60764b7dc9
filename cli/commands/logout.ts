import type { Command } from "../command.ts";
import { withoutServer } from "../config.ts";
import { exitStatus } from "../exit_status.ts";
import { findServer } from "../server.ts";
import { jsonText } from "../terminal_text.ts";

/** `slipway logout` */
export const logout: Command = {
  name: "logout",
  summary: "Forget the credential of a server",
  words: [],
  options: [],
  details:
    "It stays valid: slipway key revoke and slipway token revoke end a credential for good.",
  async run(given, { config, env, screen }) {
    const kept = await config.read();
    // What the environment has is not kept, and cannot be forgotten.
    const { url } = findServer(given, { SLIPWAY_URL: env.SLIPWAY_URL }, kept);
    const isKept = Object.hasOwn(kept.servers, url);
    if (isKept) await config.write(withoutServer(kept, url));
    if (given.has("json")) {
      screen.print(jsonText({ url, forgotten: isKept }));
      return exitStatus.passed;
    }
    screen.tell(
      isKept
        ? `The credential of ${url} is forgotten.`
        : `No credential of ${url} was kept.`,
    );
    return exitStatus.passed;
  },
};
