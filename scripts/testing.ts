/** How a script's process ended, and what it wrote. */
export type Ended = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** A folder for the embedded default, gone when it is disposed of. */
export type DataFolder = AsyncDisposable & {
  /** `SLIPWAY_DATA`; nothing has made it yet. */
  readonly path: string;
  /** Runs `scripts/NAME` on it with `input` on standard input, and `env` beside what it needs. */
  run(
    name: string,
    args: readonly string[],
    input?: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
};

/** Gives scripts a data folder of their own. */
export async function makeDataFolder(): Promise<DataFolder> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/data`;
  return {
    path,
    run: (name, args, input = "", env = {}) =>
      run(path, name, args, input, env),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function run(
  path: string,
  name: string,
  args: readonly string[],
  input: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const script = new URL(name, import.meta.url).pathname;
  const { PATH = "", HOME = "", DENO_DIR } = Deno.env.toObject();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, ...args],
    clearEnv: true,
    env: {
      PATH,
      HOME,
      NO_COLOR: "1",
      SLIPWAY_DATA: path,
      ...DENO_DIR === undefined ? {} : { DENO_DIR },
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  // A script that refuses its arguments ends without reading.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await output;
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}
