import type { Clock } from "./clock.ts";
import type { ConfigFile } from "./config_file.ts";
import type { Input } from "./input.ts";
import type { Screen } from "./screen.ts";

/** What commands are lent: everything outside the process. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly screen: Screen;
  readonly input: Input;
  readonly config: ConfigFile;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly uuid: () => string;
  /** Ctrl-C. */
  readonly interrupt: AbortSignal;
  /** Writes a file that must not exist, and the folders on its way. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
};
