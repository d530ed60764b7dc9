import type { Command } from "./command.ts";
import { commonOptions, type Option } from "./option.ts";

/**
 * Completions of the commands' words and options, as scripts for shells.
 * @module
 */

/** Shells that there are completions for. */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

/** The script that a shell is to read. */
export function completionScript(
  shell: Shell,
  commands: readonly Command[],
): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      // zsh reads bash's own functions, after compinit.
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
    default:
      return shell satisfies never;
  }
}

function bash(commands: readonly Command[]): string {
  const groups = groupsOf(commands);
  const cases = [
    ...commands.map((command) =>
      `    ${quote(command.name)}) ${bashCase(command)};;`
    ),
    ...[...groups].map(([group, names]) =>
      `    ${quote(group)}) words=${quote(names.join(" "))};;`
    ),
  ];
  return `_slipway() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words= values=
  local command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${
    quote(firstWords(commands).join(" "))
  } -- "$current"))
    return
  fi
  case "$command" in
    ${
    [...groups.keys()].join("|")
  }) [ "$COMP_CWORD" -gt 2 ] && command="$command \${COMP_WORDS[2]}";;
  esac
  case "$command" in
${cases.join("\n")}
  esac
  [ -n "$values" ] && [ "$values" != - ] && words=$values
  [ "$values" = - ] || COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _slipway slipway
`;
}

/** `words` are what may come next; `values` those of the option before, `-` when nobody knows them. */
function bashCase({ options, words }: Command): string {
  const all = [...options, ...commonOptions];
  const choices = words.flatMap((word) => word.choices ?? []);
  const offered = [...all.map(({ name }) => `--${name}`), ...choices];
  const values = all.filter(({ value }) => value !== undefined).map(
    (option) => {
      const known = option.choices?.join(" ") ?? "-";
      return `${dashed(option).join("|")}) values=${quote(known)};;`;
    },
  );
  return `words=${quote(offered.join(" "))}; case "$previous" in ${
    values.join(" ")
  } esac`;
}

function fish(commands: readonly Command[]): string {
  const groups = groupsOf(commands);
  const lines = ["complete -c slipway -f"];
  for (const word of firstWords(commands)) {
    const summary = commands.find(({ name }) => name === word)?.summary ?? "";
    lines.push(
      `complete -c slipway -n __fish_use_subcommand -a ${quote(word)} -d ${
        quote(summary)
      }`,
    );
  }
  for (const [group, names] of groups) {
    const isNext =
      `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${
        names.join(" ")
      }`;
    lines.push(
      `complete -c slipway -n ${quote(isNext)} -a ${quote(names.join(" "))}`,
    );
  }
  for (const command of commands) lines.push(...fishOptions(command));
  return `${lines.join("\n")}\n`;
}

function fishOptions({ name, options, words }: Command): string[] {
  const seen = name.split(" ").map((word) =>
    `__fish_seen_subcommand_from ${word}`
  ).join("; and ");
  const start = `complete -c slipway -n ${quote(seen)}`;
  const choices = words.flatMap((word) => word.choices ?? []);
  return [
    ...choices.length > 0 ? [`${start} -a ${quote(choices.join(" "))}`] : [],
    ...[...options, ...commonOptions].map((option) =>
      [
        start,
        `-l ${option.name}`,
        ...option.short === undefined ? [] : [`-s ${option.short}`],
        ...option.value === undefined ? [] : ["-r"],
        ...option.choices ? [`-a ${quote(option.choices.join(" "))}`] : [],
        `-d ${quote(option.help)}`,
      ].join(" ")
    ),
  ];
}

function dashed({ name, short }: Option): string[] {
  return [`--${name}`, ...short === undefined ? [] : [`-${short}`]];
}

function firstWords(commands: readonly Command[]): string[] {
  return [...new Set(commands.map(({ name }) => name.split(" ")[0] ?? ""))];
}

/** The second words of those commands that have two, by the first. */
function groupsOf(commands: readonly Command[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name } of commands) {
    const [group = "", second] = name.split(" ");
    if (second === undefined) continue;
    groups.set(group, [...groups.get(group) ?? [], second]);
  }
  return groups;
}

/** A text in single quotes, as all three shells read it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
