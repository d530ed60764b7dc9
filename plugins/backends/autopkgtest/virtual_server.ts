/** Debian's Python, by which autopkgtest itself runs. */
const python = "/usr/bin/python3";

const script = new URL("no_shared_folder.py", import.meta.url).pathname;

/**
 * One of autopkgtest's virtualisation servers, which is kept from sharing a
 * folder of this machine with its testbed: `no_shared_folder.py` says why.
 */
export function withoutSharedFolder(
  server: string,
  args: readonly string[],
): [string, ...string[]] {
  return [python, script, `/usr/bin/autopkgtest-virt-${server}`, ...args];
}
