import * as z from "zod";
import { pathPart } from "../api.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { printTable } from "../table.ts";
import { jsonText, printable } from "../terminal_text.ts";

const keysPath = "/api/v1/keys";

const keySchema = z.looseObject({
  id: z.string(),
  description: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});

const listSchema = z.looseObject({ keys: z.array(keySchema) });
const madeSchema = z.looseObject({ id: z.string(), key: z.string() });

/** `slipway key list` */
export const keyList: Command = {
  name: "key list",
  summary: "List your Auth-Keys",
  words: [],
  options: [],
  details: "Sign in with a token: a key manages no keys.",
  async run(given, world) {
    const api = await connect(given, world);
    const { keys } = await api.json({ path: keysPath }, listSchema);
    if (given.has("json")) {
      world.screen.print(jsonText(keys));
      return exitStatus.passed;
    }
    const rows = keys.map((key) => [
      key.id,
      key.revoked_at === null ? "live" : "revoked",
      key.created_at,
      key.last_used_at ?? "never",
      key.description,
    ]);
    const heading = ["ID", "STATE", "MADE", "LAST USED", "DESCRIPTION"];
    printTable(world.screen, { heading, rows }, rows, "There are no keys.");
    return exitStatus.passed;
  },
};

/** `slipway key create` */
export const keyCreate: Command = {
  name: "key create",
  summary: "Make an Auth-Key",
  words: [],
  options: [
    {
      name: "description",
      value: "TEXT",
      help: 'what to call it, such as "laptop"',
    },
  ],
  details:
    "The key is printed on standard output, this once. Sign in with a token: a key makes no keys; slipway login --user makes one with a password.",
  async run(given, world) {
    const api = await connect(given, world);
    const made = await api.json({
      method: "POST",
      path: keysPath,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ description: given.text("description") ?? "" }),
    }, madeSchema);
    if (given.has("json")) {
      world.screen.print(jsonText(made));
      return exitStatus.passed;
    }
    world.screen.tell(`Key ${made.id} is made; it is shown this once:`);
    world.screen.print(printable(made.key));
    return exitStatus.passed;
  },
};

/** `slipway key revoke` */
export const keyRevoke: Command = {
  name: "key revoke",
  summary: "End an Auth-Key for good",
  words: [{ name: "ID" }],
  options: [],
  details: "ID is that of slipway key list, not the key itself.",
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    await api.ask({
      method: "DELETE",
      path: `${keysPath}/${pathPart(id)}`,
      isRepeatable: true,
    });
    if (given.has("json")) world.screen.print(jsonText({ id }));
    else world.screen.tell(`Key ${id} is revoked.`);
    return exitStatus.passed;
  },
};
