import { ApiError, type Known } from "./error.ts";

/**
 * The refusal of a credential. `why` says what to change and never repeats the
 * credential. With `known`, whose it was, the attempt is audited.
 */
export function badCredential(
  why: string,
  options: { cause?: unknown; known?: Known | undefined } = {},
): ApiError {
  return new ApiError("unauthenticated", `Cannot sign in: ${why}`, options);
}

/**
 * What went wrong on a credential's way from where it was shown into a header, or null.
 * `noun` names it in the answer, e.g. `token`.
 */
export function pasteFault(noun: string, text: string): string | null {
  if (text === "") {
    return `the ${noun} is empty; is the variable that should hold it set?`;
  }
  if (/^["'`]|["'`]$/.test(text)) {
    return `the ${noun} is in quotes; send it without them`;
  }
  if (text.startsWith("$")) {
    return `the ${noun} is the name of a shell variable; put the header in double quotes, so that the shell fills in its value`;
  }
  if (/^<.*>$/.test(text)) {
    return `the ${noun} is a placeholder in angle brackets; put the real one there, without brackets`;
  }
  if (/\s/.test(text)) {
    return `the ${noun} has a space or a line break in it; send it as one word`;
  }
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return `the ${noun} has characters in it that none has; copy it again`;
  }
  return null;
}
