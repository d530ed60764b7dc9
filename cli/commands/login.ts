import * as z from "zod";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { type Credential, readUrl, withServer } from "../config.ts";
import { connectTo } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { UsageError } from "../failure.ts";
import { identitySchema } from "../identity.ts";
import { isLoopback } from "../loopback.ts";
import { readCredential } from "../server.ts";
import { jsonText } from "../terminal_text.ts";
import type { World } from "../world.ts";

const keySchema = z.object({ key: z.string() });

/** `slipway login` */
export const login: Command = {
  name: "login",
  summary: "Sign in to a server, and keep the credential",
  words: [{ name: "URL", isOptional: true }],
  options: [
    {
      name: "user",
      value: "NAME",
      help:
        "sign in with this name and a password: makes an Auth-Key, and keeps that",
    },
  ],
  details:
    `The token, the key or the password is asked for, or read as the first line of standard input; it is no argument,
since those are seen by everybody on the machine:
  slipway login https://ci.example.org < token.txt
It is kept in $XDG_CONFIG_HOME/slipway/config.json (or ~/.config/…), which only you may read. SLIPWAY_TOKEN or
SLIPWAY_KEY, where set, is used in its place, without being kept; SLIPWAY_URL in place of the server.`,
  async run(given, world) {
    const url = await readServer(given, world);
    warnOfPlainText(url, world);
    const user = given.text("user");
    const credential = user === undefined
      ? readCredential(await world.input.readSecret("Token or key: "))
      : await makeKey(url, user, given, world);
    const api = connectTo({ url, credential }, given, world);
    const who = await api.json({ path: "/v1/whoami" }, identitySchema);
    const config = await world.config.read();
    await world.config.write(withServer(config, url, credential));
    if (given.has("json")) world.screen.print(jsonText({ url, ...who }));
    else world.screen.tell(`Signed in to ${url} as ${who.id}.`);
    const { SLIPWAY_TOKEN: token, SLIPWAY_KEY: other } = world.env;
    if (token || other) {
      const name = token ? "SLIPWAY_TOKEN" : "SLIPWAY_KEY";
      world.screen.tell(`While ${name} is set, that is used in its place.`);
    }
    return exitStatus.passed;
  },
};

async function readServer(given: Arguments, world: World): Promise<string> {
  const [word] = given.words;
  const option = given.text("url") ?? world.env.SLIPWAY_URL;
  if (word !== undefined) return readUrl(word, "URL");
  if (option) return readUrl(option, "the URL");
  const { current } = await world.config.read();
  if (!world.input.isTerminal) {
    if (current !== null) return current;
    throw new UsageError("URL is missing: which server?");
  }
  const prompt = current === null ? "Server: " : `Server [${current}]: `;
  const typed = await world.input.readLine(prompt);
  return typed === "" && current !== null ? current : readUrl(typed, "the URL");
}

/** debci's way for a person: a password is for making keys, a key for everything else. */
async function makeKey(
  url: string,
  user: string,
  given: Arguments,
  world: World,
): Promise<Credential> {
  const password = await world.input.readSecret(`Password of ${user}: `);
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const { key } = await connectTo({ url, credential: null }, given, world).json(
    {
      method: "POST",
      path: "/api/v1/keys",
      headers: {
        authorization: `Basic ${bytes.toBase64()}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ description: "slipway login" }),
    },
    keySchema,
  );
  return { kind: "key", secret: key };
}

function warnOfPlainText(url: string, { screen }: World): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || isLoopback(hostname)) return;
  screen.tell(
    `Warning: ${url} is not https:, so whoever is on the way reads the credential.`,
  );
}
