/** debci's folder of a package: its first letter, or four of a library's (wire 2.2). */
export function prefixOf(name: string): string {
  return name.startsWith("lib") ? name.slice(0, 4) : name.slice(0, 1);
}

/** Where the files of a test are below the server's URL, in debci's layout (wire 2.3), without a final slash. */
export function runFolder(
  test: {
    readonly suite: string;
    readonly arch: string;
    readonly package: string;
    readonly number: number;
  },
): string {
  const parts = [
    test.suite,
    test.arch,
    prefixOf(test.package),
    test.package,
    String(test.number),
  ];
  return `/data/autopkgtest/${parts.map(encodeURIComponent).join("/")}`;
}
