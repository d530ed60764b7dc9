/**
 * What every operator's script shares: arguments, help, output and exit codes.
 * Results go to standard output and nothing else does, so that `$(…)` is safe.
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";

/** The script was called wrongly. It ends with exit code 2 and its help. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The arguments of a script. */
export type Arguments<Name extends string> = {
  /** What is no option. */
  readonly words: readonly string[];
  /** Value of an option that may be given once. */
  text(name: Name): string | undefined;
  /** Values of an option that may be given several times. */
  list(name: Name): readonly string[];
};

/**
 * Reads arguments: `--name VALUE` for each name in `text`, at most once, and in
 * `lists`, any number of times.
 *
 * @throws UsageError that starts with `Cannot ${task}` when an option is unknown, repeated or without value.
 */
export function readArguments<Name extends string = never>(
  task: string,
  args: readonly string[],
  options: {
    readonly text?: readonly Name[];
    readonly lists?: readonly Name[];
  },
): Arguments<Name> {
  const { text = [], lists = [] } = options;
  const names = [...text, ...lists];
  const parsed = parseArgs(args[0] === "--" ? args.slice(1) : [...args], {
    string: ["_", ...names],
    collect: names,
    unknown(arg, key) {
      if (key === undefined) return true;
      const known = names.map((name) => `--${name}`).join(", ") || "none";
      throw new UsageError(
        `Cannot ${task}: there is no option ${arg}; known are ${known}`,
      );
    },
  });
  const given = new Map(names.map((name) => [name, toTexts(parsed[name])]));
  for (const [name, values] of given) {
    if (values.includes("")) {
      throw new UsageError(`Cannot ${task}: --${name} needs a value after it`);
    }
    if (values.length > 1 && !lists.includes(name)) {
      throw new UsageError(`Cannot ${task}: --${name} is given twice`);
    }
  }
  return {
    words: parsed._.map(String),
    text: (name) => given.get(name)?.[0],
    list: (name) => given.get(name) ?? [],
  };
}

function toTexts(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

/**
 * Runs a script's main function. `--help` or `-h` prints the help. What the
 * function throws is told on standard error: a UsageError with the help and exit
 * code 2, everything else as its message and exit code 1.
 */
export async function runScript(
  help: string,
  main: (args: readonly string[]) => Promise<void>,
): Promise<void> {
  const args = Deno.args;
  if (args.includes("--help") || args.includes("-h")) return print(help);
  try {
    await main(args);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) tell(`\n${help}`);
    Deno.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** Writes a result to standard output. */
export function print(text: string): void {
  write(Deno.stdout, `${text}\n`);
}

/** Tells the person at the keyboard something, on standard error. */
export function tell(text: string): void {
  write(Deno.stderr, `${text}\n`);
}

/** A text from elsewhere, such as a file's name, that cannot steer the terminal: control characters are escaped. */
export function printable(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) =>
      `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
  );
}

function write(to: typeof Deno.stdout | typeof Deno.stderr, text: string) {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
}
