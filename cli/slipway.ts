import { readArguments } from "./arguments.ts";
import { version } from "../core/version.ts";
import type { Command } from "./command.ts";
import { type ExitStatus, exitStatus } from "./exit_status.ts";
import { Failure, Interrupted, UsageError } from "./failure.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { jsonText } from "./terminal_text.ts";
import type { World } from "./world.ts";

/**
 * Carries out one call of `slipway`, and says how the process is to end.
 * Whatever goes wrong is told in a sentence.
 */
export async function slipway(
  args: readonly string[],
  commands: readonly Command[],
  world: World,
): Promise<ExitStatus> {
  const { screen } = world;
  const found = findCommand(args, commands);
  const wantsHelp = isAskedFor(args, "--help", "-h");
  if (found === null && (wantsHelp || args[0] === "help")) {
    screen.print(generalHelp(commands));
    return exitStatus.passed;
  }
  if (found === null && isAskedFor(args, "--version", "-V")) {
    screen.print(version);
    return exitStatus.passed;
  }
  if (found === null) {
    screen.tell(unknownCommand(args, commands));
    return exitStatus.usage;
  }
  if (wantsHelp) {
    screen.print(commandHelp(found.command));
    return exitStatus.passed;
  }
  try {
    return await found.command.run(
      readArguments(found.command, found.rest),
      world,
    );
  } catch (error) {
    screen.showStatus(null);
    if (isBrokenPipe(error)) return exitStatus.brokenPipe;
    return tellFailure(error, found, args, world);
  }
}

type Found = { readonly command: Command; readonly rest: readonly string[] };

/** The command that the first word names, or the first two; `help` before it asks for its help. */
function findCommand(
  args: readonly string[],
  commands: readonly Command[],
): Found | null {
  const [first = "", second = ""] = args;
  if (first === "help" && second !== "") {
    return findCommand([...args.slice(1), "--help"], commands);
  }
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(" ");
    const command = commands.find((each) => each.name === name);
    if (command !== undefined) return { command, rest: args.slice(length) };
  }
  return null;
}

function isAskedFor(args: readonly string[], ...names: string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return options.some((arg) => names.includes(arg));
}

function unknownCommand(
  args: readonly string[],
  commands: readonly Command[],
): string {
  const [first, second = ""] = args;
  if (first === undefined) return generalHelp(commands);
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0) {
    const names = group.map(({ name }) => `slipway ${name}`).join(", ");
    const what = second === "" ? "" : `, but no ${JSON.stringify(second)}`;
    return `There is ${names}${what}`;
  }
  return first.startsWith("-")
    ? `There is no option ${first} before a command; see slipway --help`
    : `There is no command ${JSON.stringify(first)}; see slipway --help`;
}

function tellFailure(
  error: unknown,
  { command }: Found,
  args: readonly string[],
  { screen }: World,
): ExitStatus {
  const status = error instanceof Failure
    ? error.exitStatus
    : exitStatus.infrastructure;
  const message = error instanceof Error ? error.message : String(error);
  if (isAskedFor(args, "--json")) {
    screen.tell(jsonText({ error: message, exitStatus: status }));
    return status;
  }
  if (error instanceof Interrupted) return status;
  const hint = error instanceof UsageError
    ? `\nSee slipway ${command.name} --help`
    : "";
  screen.tell(`${message}${hint}`);
  return status;
}

/** Whoever read the results has gone, as `head` does. */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe;
}
