import { type Principal, principalId } from "../../../core/principal.ts";
import type { Options } from "./options.ts";

/** Sources of packages by name, as the operator set them. */
export type ExtraSources = Options["extraAptSources"];

/** Which of the names are not sources that the caller may use: unknown ones and others' alike. */
export function refusedSources(
  names: readonly string[],
  sources: ExtraSources,
  caller: Principal,
): string[] {
  return names.filter((name) => {
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    if (source === undefined) return true;
    return source.allowed.length > 0 &&
      !source.allowed.includes(principalId(caller));
  });
}

/** A JSON value as a list of names; null when it is none. Nothing is no names. */
export function readSourceNames(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return null;
  return value.every((name) => typeof name === "string") ? value : null;
}
