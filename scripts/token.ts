/**
 * `deno task token`: makes and manages automation tokens of groups.
 * @module
 */
import { runScript } from "./script.ts";
import { list } from "./token/list.ts";
import { make } from "./token/make.ts";
import { owners } from "./token/owners.ts";
import { revoke } from "./token/revoke.ts";
import { rotate } from "./token/rotate.ts";
import { show } from "./token/show.ts";

const help = `Usage: deno task token --group NAME [options]
       deno task token list [--group NAME]
       deno task token show ID
       deno task token rotate ID [--grace 24h] [--expires WHEN]
       deno task token revoke ID | --group NAME | --all
       deno task token owners --group NAME [--add USER] [--remove USER]

Makes an automation token of a group, and the group when it is new. Prints the
token, which is shown only this once; send it as "Authorization: Bearer TOKEN".

  --group NAME          1 to 63 characters of a-z, 0-9, '.', '_' and '-'
  --scope PERMISSION    allow only this, such as executions:create or '*:read';
                        may be given several times; default: to read, create
                        and cancel, which is what a CI bot needs
  --jobs GLOB           only these jobs or packages, such as 'periodic-*'; may be
                        given several times
  --backend NAME        only work of this backend; may be given several times
  --expires WHEN        never (default), or after 12h, 90d, 8w
  --description TEXT    what the token is for
  --owner USER          who manages the group's tokens at /v1/tokens; may be given
                        several times; a user who is new is made
  --format FORMAT       plain (default), json, env (TOKEN=…), or kubernetes: a
                        Namespace and the Secret api-token-secret, whose key
                        "token" it is, for "kubectl apply -f -"
  --namespace NAME      of that Secret; default: the group
  --issuer NAME         when slipway.config.ts sets bearer's option "issuer"

  list      prints a line for each token, the newest first, with tabs between id,
            group, time made, time last used, state, what it allows, description;
            warns of those that nobody has used for 90 days
  show      prints what is known of a token, as JSON
  rotate    makes a token of the same group, scope and limits; the old one works
            on for --grace: 0, 24h (default) and up to 30d. --expires is by
            default as far away as the old one's end was when it was made;
            --format and --namespace are as above
  revoke    ends a token, those of a group, or all of them, from the next request
  owners    prints the users who manage a group's tokens, after adding and removing`;

const actions: Readonly<
  Record<string, (args: readonly string[]) => Promise<void>>
> = { list, show, rotate, revoke, owners };

async function main(args: readonly string[]): Promise<void> {
  const [first = "", ...rest] = args[0] === "--" ? args.slice(1) : args;
  const action = Object.hasOwn(actions, first) ? actions[first] : undefined;
  return await (action === undefined ? make(args) : action(rest));
}

if (import.meta.main) await runScript(help, main);
