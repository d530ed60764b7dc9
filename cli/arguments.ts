import { parseArgs } from "@std/cli/parse-args";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";
import { commonOptions, type Option } from "./option.ts";

/** What was given after a command's name. */
export type Arguments = {
  /** What is no option. */
  readonly words: readonly string[];
  /** Whether a switch is on. */
  has(name: string): boolean;
  /** Value of an option that may be given once. */
  text(name: string): string | undefined;
  /** Values of an option that may be given several times. */
  list(name: string): readonly string[];
};

/**
 * Reads what follows a command's name.
 *
 * @throws UsageError when an option is unknown, repeated, without value, or not one of its choices; or when there are too few or too many words.
 */
export function readArguments(
  command: Command,
  args: readonly string[],
): Arguments {
  const options = [...command.options, ...commonOptions];
  const parsed = parse(options, args);
  const values = new Map(
    options.filter(({ value }) => value !== undefined).map((option) => [
      option.name,
      readValues(option, parsed[option.name]),
    ]),
  );
  const words = parsed._.map(String);
  checkWords(command, words);
  return {
    words,
    has: (name) => parsed[name] === true,
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
  };
}

/** How a command is called: `slipway run JOB [OPTION…]`. */
export function usageLine({ name, words }: Command): string {
  const shown = words.map(({ name, isOptional, isList }) =>
    `${isOptional ? `[${name}]` : name}${isList ? "…" : ""}`
  );
  return ["slipway", name, ...shown, "[OPTION…]"].join(" ");
}

function parse(options: readonly Option[], args: readonly string[]) {
  const named = (wanted: (option: Option) => boolean) =>
    options.filter(wanted).map(({ name }) => name);
  const withValue = named(({ value }) => value !== undefined);
  return parseArgs([...args], {
    string: ["_", ...withValue],
    boolean: named(({ value }) => value === undefined),
    collect: withValue,
    alias: Object.fromEntries(
      options.flatMap(({ name, short }) =>
        short === undefined ? [] : [[short, name]]
      ),
    ),
    unknown(arg, key) {
      if (key === undefined) return true;
      throw new UsageError(`There is no option ${arg.replace(/=.*/s, "")}`);
    },
  });
}

function readValues(option: Option, given: unknown): string[] {
  const { name, choices, isList = false } = option;
  const values = Array.isArray(given) ? given.map(String) : [];
  if (values.includes("")) throw new UsageError(`--${name} needs a value`);
  if (values.length > 1 && !isList) {
    throw new UsageError(`--${name} is given twice`);
  }
  const wrong = values.find((value) => !(choices?.includes(value) ?? true));
  if (wrong !== undefined) {
    throw new UsageError(
      `--${name} is one of ${choices?.join(", ")}, not ${
        JSON.stringify(wrong)
      }`,
    );
  }
  return values;
}

function checkWords(command: Command, words: readonly string[]): void {
  const missing = command.words[words.length];
  if (missing !== undefined && !missing.isOptional) {
    throw new UsageError(`${missing.name} is missing`);
  }
  command.words.forEach(({ name, choices }, index) => {
    const word = words[index];
    if (word === undefined || choices === undefined) return;
    if (choices.includes(word)) return;
    throw new UsageError(
      `${name} is one of ${choices.join(", ")}, not ${JSON.stringify(word)}`,
    );
  });
  const extra = words[command.words.length];
  if (extra === undefined || command.words.at(-1)?.isList) return;
  throw new UsageError(`${JSON.stringify(extra)} is one word too many`);
}
