import type { CommandEnd } from "../../../../core/executor.ts";
import { capture } from "./capture.ts";
import type { RecordedCommand } from "./clone_record.ts";
import { allowedProtocols } from "./clone_source.ts";

/** What git commands are lent. */
export type GitLent = {
  /** See `gitEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly now: () => number;
  /** Takes secrets out of what is recorded. */
  readonly mask: (text: string) => string;
};

/** How a git command ended; `error` is null when it succeeded. */
export type GitResult = {
  readonly error: string | null;
  readonly output: string;
};

/** A repository that could not be got; the message is for the person who asked. */
export class CloneFault extends Error {}

/** Most of a large repository over a slow line; beyond it something hangs. */
const timeoutSeconds = 3600;

/** What the runner's own environment has to say about how git gets at private repositories. */
const handedOn = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "XDG_CONFIG_HOME",
  "SSH_AUTH_SOCK",
  "GIT_SSH_COMMAND",
  "GIT_SSL_CAINFO",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "no_proxy",
  "NO_PROXY",
];

/** A repository brings no commands of its own, and nothing goes on in the background. */
const settings: Readonly<Record<string, string>> = {
  "advice.detachedHead": "false",
  "commit.gpgSign": "false",
  "core.fsmonitor": "false",
  "core.hooksPath": "/dev/null",
  "fetch.recurseSubmodules": "false",
  "gc.auto": "0",
  "init.defaultBranch": "master",
  "maintenance.auto": "false",
  "submodule.recurse": "false",
};

/** The environment of git: the runner's settings for git, no questions, and only the protocols that are allowed. */
export function gitEnvironment(
  runner: Readonly<Record<string, string>>,
  roots: readonly string[],
): Record<string, string> {
  const given = handedOn.flatMap((name) => {
    const value = runner[name];
    return value === undefined ? [] : [[name, value]];
  });
  const configured = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes",
    ...Object.fromEntries([...given, ...configured]),
    GIT_CONFIG_COUNT: String(Object.keys(settings).length),
    GIT_ALLOW_PROTOCOL: allowedProtocols(roots),
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}

/** A repository's folder, and the record of what is done in it. */
export class Repository {
  readonly commands: RecordedCommand[] = [];
  readonly #folder: string;
  readonly #shownFolder: string;
  readonly #lent: GitLent;

  /** @param shownFolder the folder as the job sees it */
  constructor(folder: string, shownFolder: string, lent: GitLent) {
    this.#folder = folder;
    this.#shownFolder = shownFolder;
    this.#lent = lent;
  }

  /** Runs git here or in a folder below; the record has it. */
  async git(
    args: readonly string[],
    options: { env?: Record<string, string>; below?: string } = {},
  ): Promise<GitResult> {
    const { mask, now } = this.#lent;
    const start = now();
    const { end, output } = await this.#run(args, options);
    const error = errorOf(end);
    const below = options.below ? `/${options.below}` : "";
    this.commands.push({
      command: mask(`PWD=${this.#shownFolder}${below} git ${args.join(" ")}`),
      output: mask(output),
      error: error ?? "",
      durationMs: now() - start,
    });
    return { error, output: mask(output) };
  }

  /** Runs git and demands that it succeeds. @throws CloneFault */
  async do(
    args: readonly string[],
    options: { env?: Record<string, string>; below?: string } = {},
  ): Promise<void> {
    const result = await this.git(args, options);
    if (result.error !== null) throw new CloneFault(gitReason(result));
  }

  /** What git says on standard output, without recording it; null when it fails. */
  async ask(args: readonly string[], below = ""): Promise<string | null> {
    const { end, stdout } = await this.#run(args, { below });
    return errorOf(end) === null ? stdout.trimEnd() : null;
  }

  /** Waits before another try, unless the work is stopped. */
  async pause(ms: number): Promise<void> {
    const { signal } = this.#lent;
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const stop = () => resolve();
    signal.addEventListener("abort", stop, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }

  #run(
    args: readonly string[],
    { env = {}, below = "" }: { env?: Record<string, string>; below?: string },
  ) {
    return capture({
      argv: ["git", ...args],
      cwd: below === "" ? this.#folder : `${this.#folder}/${below}`,
      env: { ...this.#lent.env, ...env },
      timeoutSeconds,
    }, this.#lent.signal);
  }
}

/** Git's own words for why it failed. */
export function gitReason({ error, output }: GitResult): string {
  const lines = output.split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  const said = lines.find((line) => /^(fatal|error|ERROR): /.test(line)) ??
    lines.at(-1);
  return said?.replace(/^(fatal|error|ERROR): (remote error: )?/, "") ??
    error ?? "git failed";
}

function errorOf(end: CommandEnd): string | null {
  switch (end.kind) {
    case "exited":
      return end.exitCode === 0 ? null : `exit status ${end.exitCode}`;
    case "timed_out":
      return `it took longer than ${end.timeoutSeconds} s`;
    case "cancelled":
      return "it was cancelled";
    case "not_started":
      return end.reason;
    default:
      return end satisfies never;
  }
}
