/**
 * A real Debian for tests, made with mmdebstrap: the tarball that
 * package tests use too. It takes a minute, and is kept in .cache for the next time.
 */
import { findTestbed } from "../plugins/backends/autopkgtest/testbed_folder.ts";
import { makeTestbed } from "../plugins/backends/autopkgtest/testbed_maker.ts";
import { root } from "./paths.ts";

const cache = `${root}/.cache`;
const arch = Deno.build.arch === "aarch64" ? "arm64" : "amd64";

/** An image that `ensurePodmanStorage` sees to. */
type Image = { readonly name: string; readonly without: readonly string[] };

/** The image for what needs no more than a shell. */
export const testImage = "localhost/slipway-debian:test";

/** The image for package tests: all that mmdebstrap makes. */
export const packageTestImage = "localhost/autopkgtest/debian:slipway-test";

const smallImage: Image = {
  name: testImage,
  without: ["./usr/share", "./var/cache"],
};
const wholeImage: Image = { name: packageTestImage, without: [] };

/** The tarball of a Debian, made when there is none. */
export async function ensureTestbed(): Promise<string> {
  const folder = Deno.env.get("SLIPWAY_TESTBEDS") || `${cache}/testbeds`;
  await Deno.mkdir(folder, { recursive: true });
  return await alone(
    "testbed",
    async () =>
      findTestbed(folder, "default", arch) ??
        await makeTestbed({ folder, arch, suite: null }),
  );
}

/** The folder of a Debian. */
export async function ensureRootfs(): Promise<string> {
  const tarball = await ensureTestbed();
  return await alone("rootfs", async () => {
    const folder = `${cache}/rootfs/debian`;
    if (await exists(folder)) return folder;
    await Deno.mkdir(`${cache}/rootfs`, { recursive: true });
    const unfinished = await Deno.makeTempDir({ dir: `${cache}/rootfs` });
    // Only root may make devices, and sandboxes have their own.
    await run("tar", ["-xf", tarball, "-C", unfinished, "--exclude=./dev/*"]);
    await Deno.chmod(unfinished, 0o755);
    await Deno.rename(unfinished, folder);
    return folder;
  });
}

/** What it makes, or why it cannot. */
export async function tryTo<T>(
  make: () => Promise<T>,
): Promise<{ made: T; lacking: null } | { made: null; lacking: string }> {
  try {
    return { made: await make(), lacking: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { made: null, lacking: why.replaceAll("\n", " ") };
  }
}

/** `ensurePodmanStorage` with `packageTestImage`. */
export const ensurePackageTestStorage = () => ensurePodmanStorage(wholeImage);

/**
 * podman's own settings for a storage that has an image, `testImage` by default.
 *
 * @returns what is to be in podman's environment
 */
export async function ensurePodmanStorage(
  image: Image = smallImage,
): Promise<Record<string, string>> {
  const rootfs = await ensureRootfs();
  const folder = `${cache}/podman`;
  await Deno.mkdir(folder, { recursive: true });
  const env = {
    CONTAINERS_CONF: `${folder}/containers.conf`,
    CONTAINERS_STORAGE_CONF: `${folder}/storage.conf`,
  };
  return await alone("podman", async () => {
    await Deno.writeTextFile(env.CONTAINERS_CONF, containersConf);
    for (const driver of ["overlay", "vfs"]) {
      const conf = storageConf(folder, driver);
      await Deno.writeTextFile(env.CONTAINERS_STORAGE_CONF, conf);
      if (await succeeds("podman", ["info"], env)) break;
    }
    if (await succeeds("podman", ["image", "exists", image.name], env)) {
      return env;
    }
    const tarball = await Deno.makeTempFile({ dir: folder });
    try {
      const most = [...image.without.map((path) => `--exclude=${path}`), "."];
      await run("tar", ["-C", rootfs, "-cf", tarball, ...most]);
      await run("podman", ["import", "--quiet", tarball, image.name], env);
    } finally {
      await Deno.remove(tarball);
    }
    return env;
  });
}

/** Works whatever the kind of cgroups, and where not even root may raise a limit. */
const containersConf = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
`;

/** Containers in which tests run may have no overlay. */
function storageConf(folder: string, driver: string): string {
  return `[storage]
driver = "${driver}"
graphroot = "${folder}/storage"
rootless_storage_path = "${folder}/storage"
runroot = "${folder}/run"
`;
}

/** One process of the tests at a time. */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  await Deno.mkdir(cache, { recursive: true });
  using file = await Deno.open(`${cache}/${name}.lock`, {
    create: true,
    write: true,
  });
  await file.lock(true);
  return await work();
}

async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, env })
    .output();
  if (success) return;
  throw new Error(`${command}: ${new TextDecoder().decode(stderr).trim()}`);
}

async function succeeds(
  command: string,
  args: string[],
  env: Record<string, string>,
): Promise<boolean> {
  return (await new Deno.Command(command, { args, env }).output()).success;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
