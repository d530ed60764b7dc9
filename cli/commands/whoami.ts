import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { identitySchema } from "../identity.ts";
import { jsonText, printable } from "../terminal_text.ts";

/** `slipway whoami` */
export const whoami: Command = {
  name: "whoami",
  summary: "Show who the credential is, and what it may do",
  words: [],
  options: [],
  async run(given, world) {
    const api = await connect(given, world);
    const who = await api.json({ path: "/v1/whoami" }, identitySchema);
    if (given.has("json")) {
      world.screen.print(jsonText(who));
      return exitStatus.passed;
    }
    world.screen.tell(
      `On ${api.server.url}, by ${who.via}, may ${who.permissions.join(", ")}:`,
    );
    world.screen.print(printable(who.id));
    return exitStatus.passed;
  },
};
