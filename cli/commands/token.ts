import * as z from "zod";
import { pathPart } from "../api.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { printTable } from "../table.ts";
import { jsonText } from "../terminal_text.ts";
import { tokenColumns, tokenHeading, tokenSchema } from "../token_json.ts";
import { readLimit } from "./list.ts";

const pageSchema = z.object({
  tokens: z.array(tokenSchema),
  next: z.string().nullable(),
});

type Token = z.output<typeof tokenSchema>;

/** Most tokens that the server gives at a time. */
const maxPage = 500;

/** `slipway token list` */
export const tokenList: Command = {
  name: "token list",
  summary: "List the automation tokens that you manage",
  words: [],
  options: [
    { name: "group", value: "NAME", help: "of this group only" },
    { name: "limit", value: "NUMBER", help: "how many at most (100)" },
  ],
  details:
    "For owners of a group and administrators. No token itself is shown.",
  async run(given, world) {
    const limit = readLimit(given.text("limit") ?? "100");
    const group = given.text("group");
    const query = new URLSearchParams(group === undefined ? {} : { group });
    const api = await connect(given, world);
    const found: Token[] = [];
    for (let next: string | null = ""; next !== null && found.length < limit;) {
      query.set("limit", String(Math.min(maxPage, limit - found.length)));
      if (next !== "") query.set("cursor", next);
      const page = await api.json({ path: `/v1/tokens?${query}` }, pageSchema);
      found.push(...page.tokens);
      next = page.next;
    }
    if (given.has("json")) {
      world.screen.print(jsonText(found));
      return exitStatus.passed;
    }
    const rows = found.map(tokenColumns);
    const heading = tokenHeading;
    printTable(world.screen, { heading, rows }, rows, "There are no tokens.");
    return exitStatus.passed;
  },
};

/** `slipway token show` */
export const tokenShow: Command = {
  name: "token show",
  summary: "Show what is known of a token",
  words: [{ name: "ID" }],
  options: [],
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    const path = `/v1/tokens/${pathPart(id)}`;
    const token = await api.json({ path }, tokenSchema);
    if (given.has("json")) {
      world.screen.print(jsonText(token));
      return exitStatus.passed;
    }
    const rows = [tokenColumns(token)];
    printTable(world.screen, { heading: tokenHeading, rows }, rows, "");
    return exitStatus.passed;
  },
};

/** `slipway token revoke` */
export const tokenRevoke: Command = {
  name: "token revoke",
  summary: "End a token for good",
  words: [{ name: "ID" }],
  options: [],
  details: "ID is that of slipway token list, not the token itself.",
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    const path = `/v1/tokens/${pathPart(id)}`;
    await api.ask({ method: "DELETE", path, isRepeatable: true });
    if (given.has("json")) world.screen.print(jsonText({ id }));
    else world.screen.tell(`Token ${id} is revoked.`);
    return exitStatus.passed;
  },
};
