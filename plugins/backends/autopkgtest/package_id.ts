/**
 * The id of a package: debci's `package_id`, a whole number of at most 52 bits. It
 * is made of the name alone, so that neither the id nor the time that it takes
 * tells who asked for the package before: ids that counted up would tell of
 * private tests.
 */
export function packageId(name: string): number {
  const backwards = [...name].reverse().join("");
  return (fnv1a(name) >>> 12) * 2 ** 32 + fnv1a(backwards);
}

/** The hash FNV-1a of 32 bits. Names of packages have one byte a character. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
