/**
 * What is wrong with a branch, ref or commit that somebody asked for, or null.
 * The rules are those of `git check-ref-format`, and keep it from being read
 * as an option or as more than one ref.
 */
export function refFault(name: string): string | null {
  if (name === "" || name.length > 1_000) {
    return "it must be 1 to 1000 characters long";
  }
  // deno-lint-ignore no-control-regex -- these are what is refused
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|^@$/.test(name)) {
    return "it must not have spaces, control characters, .., @{ or any of ~^:?*[\\ in it";
  }
  if (/^[-+]/.test(name)) return "it must not begin with - or +";
  const isOdd = (part: string) => part === "" || /^\.|\.$|\.lock$/.test(part);
  return name.split("/").some(isOdd)
    ? "its parts must not be empty, begin or end with a dot, or end with .lock"
    : null;
}
