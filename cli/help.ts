import { usageLine } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonOptions, type Option } from "./option.ts";

/** The help of `slipway` itself. */
export function generalHelp(commands: readonly Command[]): string {
  const list = commands.map(({ name, summary }) =>
    `  ${name.padEnd(13)}  ${summary}`
  );
  return `Usage: slipway COMMAND [WORD…] [OPTION…]

Runs Prow jobs and Debian package tests on a Slipway server, and shows what becomes of them.

${list.join("\n")}

slipway COMMAND --help tells more. Results go to standard output, all remarks to standard error.

Exit status: 0 passed, 1 failed, 2 called wrongly, 3 the infrastructure has failed, 4 not allowed;
130 after Ctrl-C.

Environment:
  SLIPWAY_URL                  the server, instead of the one signed in to
  SLIPWAY_TOKEN, SLIPWAY_KEY   the credential, instead of the one kept by slipway login
  NO_COLOR                     no colours
  DENO_CERT                    file of certificate authorities to trust as well`;
}

/** The help of a command. */
export function commandHelp(command: Command): string {
  const { summary, options, details } = command;
  const lines = [...options, ...commonOptions].map(optionLine);
  const parts = [
    `Usage: ${usageLine(command)}`,
    `${summary}.`,
    lines.join("\n"),
    ...details === undefined ? [] : [details],
  ];
  return parts.join("\n\n");
}

function optionLine({ name, short, value, help }: Option): string {
  const left = [
    short === undefined ? "    " : `-${short}, `,
    `--${name}`,
    value === undefined ? "" : ` ${value}`,
  ].join("");
  return `  ${left.padEnd(30)}  ${help}`;
}
