import { root } from "./paths.ts";

/** What Slipway is made of; the tests come along for the suites that plugins are held to. */
const parts = [
  "boot.ts",
  "cli",
  "core",
  "db",
  "deno.json",
  "deno.lock",
  "docs",
  "examples",
  "http",
  "main.ts",
  "plugins",
  "README.md",
  "routes",
  "runner",
  "runner.config.ts",
  "scripts",
  "shutdown.ts",
  "slipway.config.ts",
  "start_fault.ts",
  "tests",
  "types",
  "ui",
] as const;

/** A checkout that a test may change. */
export type RepositoryCopy = AsyncDisposable & {
  readonly folder: string;
  path(relative: string): string;
  /** Changes a text file; fails when that changes nothing. */
  edit(relative: string, change: (text: string) => string): Promise<void>;
  /** `deno` with arguments in it, to its end. */
  deno(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ code: number; stdout: string; stderr: string }>;
};

/** Copies the repository, without the tests of what is there already. */
export async function copyRepository(): Promise<RepositoryCopy> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-copy-" });
  for (const part of parts) await copy(`${root}/${part}`, `${folder}/${part}`);
  const path = (relative: string) => `${folder}/${relative}`;
  return {
    folder,
    path,
    async edit(relative, change) {
      const before = await Deno.readTextFile(path(relative));
      const after = change(before);
      if (after === before) throw new Error(`${relative} is as it was`);
      await Deno.writeTextFile(path(relative), after);
    },
    async deno(args, env = {}) {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args],
        cwd: folder,
        env: { NO_COLOR: "1", ...env },
        stdin: "null",
      }).output();
      const decoder = new TextDecoder();
      return {
        code,
        stdout: decoder.decode(stdout),
        stderr: decoder.decode(stderr),
      };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) {
    // A new backend begins with the tests of its template.
    const isLeftOut = /_test\.tsx?$/.test(from) && !from.includes("/template/");
    if (!isLeftOut) await Deno.copyFile(from, to);
    return;
  }
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    await copy(`${from}/${name}`, `${to}/${name}`);
  }
}
