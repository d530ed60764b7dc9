import type { Arguments } from "./arguments.ts";
import type { ExitStatus } from "./exit_status.ts";
import type { Option } from "./option.ts";
import type { World } from "./world.ts";

/** A word that a command takes after its name. */
export type Word = {
  /** As the help calls it: `JOB`. */
  readonly name: string;
  readonly isOptional?: boolean;
  /** The last word may be given several times. */
  readonly isList?: boolean;
  readonly choices?: readonly string[];
};

/** Something that `slipway` does. */
export type Command = {
  /** `run`; two words for one of several that belong together, `key create`. */
  readonly name: string;
  /** A line without full stop, for the list of commands. */
  readonly summary: string;
  readonly words: readonly Word[];
  readonly options: readonly Option[];
  /** What there is to know beyond the options. */
  readonly details?: string;
  /** @throws Failure that says what went wrong, and how the process ends. */
  readonly run: (given: Arguments, world: World) => Promise<ExitStatus>;
};
