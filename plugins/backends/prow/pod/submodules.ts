import { cloneSource } from "./clone_source.ts";
import { CloneFault, type Repository } from "./git.ts";

/** Deeper nesting is a loop. */
const maxDepth = 10;

/**
 * Checks out the submodules, and theirs. Level by level, since a repository
 * decides where its submodules come from, and that must be judged as the URL
 * of a job is.
 *
 * @throws CloneFault
 */
export async function updateSubmodules(
  repository: Repository,
  url: string,
  roots: readonly string[],
  folder = "",
  depth = 0,
): Promise<void> {
  const paths = await submodulePaths(repository, folder);
  if (paths.length === 0) return;
  if (depth === maxDepth) {
    throw new CloneFault(`its submodules are more than ${maxDepth} deep`);
  }
  const base = ["-c", `remote.origin.url=${url}`];
  const options = { below: folder };
  await repository.do([...base, "submodule", "init"], options);
  const urls = await submoduleUrls(repository, folder);
  for (const [name, from] of urls) {
    const source = await cloneSource(from, roots);
    if ("fault" in source) {
      throw new CloneFault(
        `its submodule ${name} comes from ${from}: ${source.fault}`,
      );
    }
  }
  await repository.do(["submodule", "update"], options);
  for (const path of paths) {
    const below = folder === "" ? path : `${folder}/${path}`;
    // One that is not to be had (`update = none`) is an empty folder of this repository.
    if (await repository.ask(["rev-parse", "--show-prefix"], below) !== "") {
      continue;
    }
    const own = await repository.ask(
      ["config", "--get", "remote.origin.url"],
      below,
    );
    await updateSubmodules(repository, own ?? url, roots, below, depth + 1);
  }
}

/** Those that .gitmodules names and that are in the tree: `160000 HASH STAGE\tPATH`. */
async function submodulePaths(
  repository: Repository,
  folder: string,
): Promise<string[]> {
  const named = await repository.ask(
    [
      "config",
      "--file=.gitmodules",
      "-z",
      "--get-regexp",
      String.raw`^submodule\..*\.path$`,
    ],
    folder,
  );
  const paths = (named ?? "").split("\0").flatMap((entry) =>
    /^[^\n]*\n(.+)$/s.exec(entry)?.[1] ?? []
  );
  if (paths.length === 0) return [];
  const listed = await repository.ask(
    ["--literal-pathspecs", "ls-files", "--stage", "-z", "--", ...paths],
    folder,
  );
  return (listed ?? "").split("\0").flatMap((entry) =>
    /^160000 [^\t]*\t(.+)$/s.exec(entry)?.[1] ?? []
  );
}

async function submoduleUrls(
  repository: Repository,
  folder: string,
): Promise<[name: string, url: string][]> {
  const listed = await repository.ask(
    [
      "config",
      "--local",
      "-z",
      "--get-regexp",
      String.raw`^submodule\..*\.url$`,
    ],
    folder,
  );
  return (listed ?? "").split("\0").flatMap((entry) => {
    const found = /^submodule\.(.*)\.url\n(.*)$/s.exec(entry);
    return found ? [[found[1] ?? "", found[2] ?? ""]] : [];
  });
}
