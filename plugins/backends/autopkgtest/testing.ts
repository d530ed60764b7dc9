import type { Host } from "../../../core/executor.ts";
import type { Task } from "./task.ts";

/** Source trees: those of examples/packages and some that only tests want. */
const trees = new URL("testdata/packages", import.meta.url).pathname;

/** This machine with the tests' source trees, and what else a test sets. */
export function hostWith(env: Record<string, string> = {}): Host {
  return {
    arch: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    env: {
      ...Deno.env.toObject(),
      SLIPWAY_PACKAGE_TREES: trees,
      ...env,
    },
  };
}

/** The test of a package, as the server would ask for it. */
export function taskOf(name: string, fields: Partial<Task> = {}): Task {
  return {
    package: name,
    suite: "unstable",
    arch: hostWith().arch,
    pins: [],
    extraSources: [],
    timeoutSeconds: 300,
    testTimeoutSeconds: 100,
    ...fields,
  };
}

/** Lends a fresh folder. */
export async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-test-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a command to its end. @throws Error when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: { LC_ALL: "C", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new Error(`${command}: ${text(stderr)}`);
}

/** What was compressed with gzip, as text. */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer> | undefined,
): Promise<string> {
  const stream = new Blob(bytes === undefined ? [] : [bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

/** The names in a compressed tarball, sorted. */
export async function untar(
  bytes: Uint8Array<ArrayBuffer> | undefined,
): Promise<string[]> {
  let names: string[] = [];
  await withFolder(async (folder) => {
    const file = `${folder}/artifacts.tar.gz`;
    await Deno.writeFile(file, bytes ?? new Uint8Array());
    const listed = await run("tar", ["--list", "--gzip", `--file=${file}`]);
    names = listed.split("\n").slice(0, -1).sort();
  });
  return names;
}
