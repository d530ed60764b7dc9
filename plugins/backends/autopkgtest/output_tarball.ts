import { isPlainFolder } from "./plain_file.ts";
import { systemPath } from "./system_command.ts";

/** How much goes into a tarball, before it is compressed. */
export type TarballLimits = {
  readonly bytes: number;
  /** Files, folders and links. */
  readonly entries: number;
};

/** What was packed, or why nothing was. */
export type Packed =
  | { readonly kind: "whole" }
  /** Without what the package's tests left in `artifacts/`. */
  | { readonly kind: "without_artifacts"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** What is lent: limits, a place for a list of files, and what stops the work. */
export type TarballLent = {
  readonly limits: TarballLimits;
  readonly listFile: string;
  readonly signal: AbortSignal;
};

/** The log is kept beside the tarball; what tests wrote is in it (wire 3.2). */
const leftOut = String.raw`\./(log|[^/]*-stdout|[^/]*-stderr)`;

/**
 * Packs autopkgtest's output folder into a gzipped tarball, names in it
 * relative to the folder. Links stay links; pipes, sockets and devices are
 * left out. Neither the command that lists the files nor the one that packs
 * them follows a link or opens anything but regular files.
 */
export async function packOutput(
  folder: string,
  tarball: string,
  lent: TarballLent,
): Promise<Packed> {
  if (!await isPlainFolder(folder)) {
    return { kind: "failed", why: "its place was taken by something else" };
  }
  let why = excess(await listFiles(folder, [], lent), lent.limits);
  const isWhole = why === null;
  if (!isWhole) {
    const rest = await listFiles(folder, ["artifacts"], lent);
    const restWhy = excess(rest, lent.limits);
    if (restWhy !== null) return { kind: "failed", why: restWhy };
  }
  const fault = await pack(folder, tarball, lent);
  if (fault !== null) return { kind: "failed", why: fault };
  why ??= "";
  return isWhole ? { kind: "whole" } : { kind: "without_artifacts", why };
}

type Listed = { readonly bytes: number; readonly entries: number };

function excess(listed: Listed, limits: TarballLimits): string | null {
  if (listed.entries > limits.entries) {
    return `there are ${listed.entries} files, more than ${limits.entries}`;
  }
  return listed.bytes > limits.bytes
    ? `${listed.bytes} bytes are more than ${limits.bytes}`
    : null;
}

/** Writes the list of what is to be packed, names ended by NUL since they may be anything else. */
async function listFiles(
  folder: string,
  without: readonly string[],
  { listFile, signal }: TarballLent,
): Promise<Listed> {
  const { stdout } = await run(
    "find",
    [
      ...[".", "-mindepth", "1", "-regextype", "posix-extended"],
      ...without.flatMap((name) => ["-path", `./${name}`, "-prune", "-o"]),
      ...["!", "-regex", leftOut],
      ...["(", "-type", "f", "-printf", "%s\\n"],
      ...["-o", "-type", "d", "-printf", "0\\n"],
      ...["-o", "-type", "l", "-printf", "0\\n", ")"],
      ...["-fprintf", listFile, "%P\\0"],
    ],
    folder,
    signal,
  );
  const sizes = stdout.split("\n").slice(0, -1);
  return {
    entries: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + Number(size), 0),
  };
}

async function pack(
  folder: string,
  tarball: string,
  { listFile, signal }: TarballLent,
): Promise<string | null> {
  const { code, stderr } = await run(
    "tar",
    [
      "--create",
      "--gzip",
      `--file=${tarball}`,
      "--no-recursion",
      "--null",
      "--verbatim-files-from",
      `--files-from=${listFile}`,
      "--ignore-failed-read",
      "--owner=root:0",
      "--group=root:0",
    ],
    folder,
    signal,
  );
  // 1: a file changed while it was read.
  return code <= 1 ? null : `tar: ${stderr.trim().split("\n").at(-1)}`;
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
) {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { PATH: systemPath, LC_ALL: "C" },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
