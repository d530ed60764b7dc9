import type { Host } from "../../../core/executor.ts";

/**
 * The folder of root file systems for the unshare testbed, as tarballs named
 * `SUITE-ARCH.tar`. `default-ARCH.tar` serves every suite that has none of its own.
 * `SLIPWAY_TESTBEDS` names it; else it is in the user's cache.
 */
export function testbedFolder({ env }: Pick<Host, "env">): string {
  return env.SLIPWAY_TESTBEDS ||
    `${env.XDG_CACHE_HOME || `${env.HOME ?? ""}/.cache`}/slipway/testbeds`;
}

/** The suites that the folder has tarballs for; `*` when one serves all. */
export function testbedSuites(folder: string, arch: string): string[] {
  const suites = tarballs(folder, arch).map(({ suite }) => suite);
  return suites.includes("default") ? ["*"] : suites;
}

/** The tarball for a suite; null when there is none. */
export function findTestbed(
  folder: string,
  suite: string,
  arch: string,
): string | null {
  const all = tarballs(folder, arch);
  const found = all.find((each) => each.suite === suite) ??
    all.find((each) => each.suite === "default");
  return found?.path ?? null;
}

function tarballs(folder: string, arch: string) {
  const ending = new RegExp(
    `^(.+)-${RegExp.escape(arch)}\\.tar(\\.(gz|xz|zst))?$`,
  );
  return names(folder).flatMap((name) => {
    const suite = ending.exec(name)?.[1];
    return suite === undefined ? [] : [{ suite, path: `${folder}/${name}` }];
  });
}

function names(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
