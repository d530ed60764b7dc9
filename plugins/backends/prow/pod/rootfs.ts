/**
 * The root file system for an image: `SLIPWAY_ROOTFS` itself when it is one,
 * else the folder in it that is called like the image, with or without its tag, or
 * `default`.
 *
 * @returns null when there is none
 */
export async function findRootfs(
  folder: string,
  image: string,
): Promise<string | null> {
  if (await isRootfs(folder)) return folder;
  const name = image.replace(/@.*$/s, "");
  const candidates = [image, name, name.replace(/:[^/:]*$/, ""), "default"];
  for (const candidate of candidates) {
    const parts = candidate.split("/");
    if (parts.some((part) => ["", ".", ".."].includes(part))) continue;
    const path = `${folder}/${candidate}`;
    if (await isRootfs(path)) return path;
  }
  return null;
}

/** Whether it is laid out as one. */
async function isRootfs(folder: string): Promise<boolean> {
  try {
    const names = new Set<string>();
    for await (const { name } of Deno.readDir(folder)) names.add(name);
    return names.has("bin") && (names.has("usr") || names.has("etc"));
  } catch {
    return false;
  }
}

/** What the kernel or the sandbox provides. */
const provided: readonly string[] = [
  "dev",
  "home",
  "logs",
  "proc",
  "run",
  "sys",
  "tmp",
];

/**
 * bwrap's arguments that make a root of it that cannot be written to, in which
 * other folders can be mounted anywhere.
 */
export async function rootfsArguments(rootfs: string): Promise<string[]> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(rootfs)) entries.push(entry);
  const mounts = await Promise.all(
    entries.filter(({ name }) => !provided.includes(name)).map(
      async ({ name, isSymlink }) => {
        const path = `${rootfs}/${name}`;
        return isSymlink
          ? ["--symlink", await Deno.readLink(path), `/${name}`]
          : ["--ro-bind", path, `/${name}`];
      },
    ),
  );
  return ["--tmpfs", "/", ...mounts.flat()];
}
