import type * as z from "zod";
import { pathPart } from "../api.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { type ExitStatus, exitStatus } from "../exit_status.ts";
import { jsonText, printable } from "../terminal_text.ts";
import { madeTokenSchema } from "../token_json.ts";
import type { World } from "../world.ts";

const headers = { "content-type": "application/json" };

/** `slipway token create` */
export const tokenCreate: Command = {
  name: "token create",
  summary: "Make an automation token of a group",
  words: [{ name: "GROUP" }],
  options: [
    {
      name: "scope",
      value: "PERMISSION",
      isList: true,
      help:
        "what it may do, such as executions:create; may be given several times",
    },
    {
      name: "job",
      value: "GLOB",
      isList: true,
      help: "for these jobs and packages only",
    },
    {
      name: "backend",
      value: "NAME",
      isList: true,
      help: "for this backend only",
    },
    { name: "expires", value: "TIME", help: "such as 90d, or never" },
    { name: "description", value: "TEXT", help: "what it is for" },
  ],
  details:
    "For owners of the group and administrators. The token is printed on standard output, this once.",
  async run(given, world) {
    const api = await connect(given, world);
    const request = {
      method: "POST",
      path: "/v1/tokens",
      headers,
      body: JSON.stringify(toTokenRequest(given)),
    } as const;
    return print(await api.json(request, madeTokenSchema), given, world);
  },
};

/** `slipway token rotate` */
export const tokenRotate: Command = {
  name: "token rotate",
  summary: "Make a token that takes another one's place",
  words: [{ name: "ID" }],
  options: [
    {
      name: "grace",
      value: "TIME",
      help: "how long the old one still works, such as 24h",
    },
    {
      name: "expires",
      value: "TIME",
      help: "when the new one ends: 90d, never",
    },
  ],
  details: "The new token is printed on standard output, this once.",
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    const request = {
      method: "POST",
      path: `/v1/tokens/${pathPart(id)}/rotate`,
      headers,
      body: JSON.stringify(texts(given, ["grace", "expires"])),
    } as const;
    return print(await api.json(request, madeTokenSchema), given, world);
  },
};

/** The fields of `POST /v1/tokens`; what is not said is left to the server. */
export function toTokenRequest(
  given: Pick<Arguments, "words" | "text" | "list">,
): Record<string, string | readonly string[]> {
  const [group = ""] = given.words;
  const lists = Object.entries({
    scope: given.list("scope"),
    jobs: given.list("job"),
    backends: given.list("backend"),
  }).filter(([, values]) => values.length > 0);
  return {
    group,
    ...Object.fromEntries(lists),
    ...texts(given, ["expires", "description"]),
  };
}

function texts(
  given: Pick<Arguments, "text">,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = given.text(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function print(
  made: z.output<typeof madeTokenSchema>,
  given: Arguments,
  { screen }: World,
): ExitStatus {
  if (given.has("json")) {
    screen.print(jsonText(made));
    return exitStatus.passed;
  }
  const { id, group, expires_at } = made;
  screen.tell(
    `Token ${id} of group ${group} is made, expires ${
      expires_at ?? "never"
    }; it is shown this once:`,
  );
  screen.print(printable(made.token));
  return exitStatus.passed;
}
