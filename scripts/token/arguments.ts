import { accountNameFault } from "../../core/account.ts";
import { UsageError } from "../script.ts";

/**
 * Arguments that several of `deno task token`'s words share. Each reader throws
 * UsageError that says what is allowed.
 * @module
 */

/** `--group NAME`, which must be there. */
export function readGroup(task: string, group: string | undefined): string {
  if (group === undefined) {
    throw new UsageError(`Cannot ${task}: --group NAME is missing`);
  }
  return readName(task, "--group", group);
}

/** A name of a group or user. */
export function readName(task: string, option: string, name: string): string {
  const fault = accountNameFault(name);
  if (fault === null) return name;
  throw new UsageError(`Cannot ${task}: ${option} is not a name; ${fault}`);
}

/** The one ID among the words. */
export function readId(task: string, words: readonly string[]): string {
  const [id, ...more] = words;
  if (id !== undefined && more.length === 0) return id;
  throw new UsageError(
    `Cannot ${task}: expected its ID and nothing more; deno task token list shows the ids`,
  );
}

/** There must be no words. */
export function refuseWords(task: string, [word]: readonly string[]): void {
  if (word === undefined) return;
  throw new UsageError(
    `Cannot ${task}: "${word}" is no option; a group is named with --group NAME`,
  );
}

/** The refusal of an ID: what was given may be a token itself, so it is not repeated. */
export function noSuchToken(task: string): Error {
  return new Error(
    `Cannot ${task}: there is none of this id; deno task token list shows the ids, which are not the tokens themselves`,
  );
}
