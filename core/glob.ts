/**
 * Whether the whole text is what the glob describes: `*` stands for any
 * characters, `?` for one, everything else for itself. Its time grows with the product of the
 * two lengths at worst, whatever they hold.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let taken = 0;
  while (next < text.length) {
    const mark = glob[at];
    if (mark === "*") {
      star = at++;
      taken = next;
    } else if (mark === "?" || mark === text[next]) {
      at++;
      next++;
    } else if (star >= 0) {
      // What the last star stands for grows by one character.
      at = star + 1;
      next = ++taken;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
