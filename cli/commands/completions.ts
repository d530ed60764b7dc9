import type { Command } from "../command.ts";
import { completionScript, shells } from "../completion.ts";
import { exitStatus } from "../exit_status.ts";
import { jsonText } from "../terminal_text.ts";

/** `slipway completions`, for the other commands and itself. */
export function completions(others: readonly Command[]): Command {
  const command: Command = {
    name: "completions",
    summary: "Print a script that completes words in a shell",
    words: [{ name: "SHELL", choices: shells }],
    options: [],
    details:
      `  bash  slipway completions bash > ~/.local/share/bash-completion/completions/slipway
  zsh   in ~/.zshrc, after compinit: source <(slipway completions zsh)
  fish  slipway completions fish > ~/.config/fish/completions/slipway.fish`,
    run(given, { screen }) {
      const shell = shells.find((each) => each === given.words[0]) ?? "bash";
      const script = completionScript(shell, [...others, command]).trimEnd();
      screen.print(given.has("json") ? jsonText({ shell, script }) : script);
      return Promise.resolve(exitStatus.passed);
    },
  };
  return command;
}
