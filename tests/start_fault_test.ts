import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { root } from "./paths.ts";

type Fault = {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly says: string;
};

/** `DIR` stands for a fresh folder with the files `file` and `junk/slipway.db`, `TAKEN` for a port in use. */
const faults: readonly Fault[] = [
  {
    name: "SLIPWAY_DATA names a file",
    env: { SLIPWAY_DATA: "DIR/file" },
    says: "DIR/file",
  },
  {
    name: "the folder cannot be made",
    env: { SLIPWAY_DATA: "/sys/slipway" },
    says: "/sys/slipway",
  },
  {
    name: "the database is no database",
    env: { SLIPWAY_DATA: "DIR/junk" },
    says: "file is not a database",
  },
  {
    name: "DATABASE_URL names no file",
    env: { DATABASE_URL: "file::memory:" },
    says: "DATABASE_URL: expected file: and the path",
  },
];

const startFaults: readonly Fault[] = [
  ...faults,
  {
    name: "an unknown executor",
    env: { SLIPWAY_EXECUTORS: "prow:pod" },
    says: "SLIPWAY_EXECUTORS names prow:pod, but there are only",
  },
  {
    name: "slots that are none",
    env: { SLIPWAY_SLOTS: "many" },
    says: "SLIPWAY_SLOTS: expected a whole number",
  },
  {
    name: "a public URL with a query",
    env: { SLIPWAY_URL: "https://ci.example.org/?a=1" },
    says: "SLIPWAY_URL: expected a URL without query",
  },
  {
    name: "an address of another machine",
    env: { HOST: "192.0.2.1" },
    says: "Cannot listen on 192.0.2.1, port 0: ",
  },
  {
    name: "a host that is none",
    env: { HOST: "a b" },
    says: "set HOST to an address of this machine",
  },
  {
    name: "a port that is taken",
    env: { PORT: "TAKEN" },
    says: "it is in use; set PORT to another one",
  },
];

for (const fault of startFaults) {
  Deno.test(`deno task start says what to change: ${fault.name}`, () =>
    check(["run", "-A", "scripts/start.ts", "--no-install"], fault));
}

for (const fault of faults) {
  Deno.test(`deno serve main.ts says what to change: ${fault.name}`, () =>
    check(["serve", "-A", "--port", "0", "main.ts"], fault));
}

/** A start that ends by itself, with 1, a sentence and no stack trace. */
async function check(args: readonly string[], fault: Fault): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "slipway-fault-" });
  await Deno.writeTextFile(`${directory}/file`, "");
  await Deno.mkdir(`${directory}/junk`);
  await Deno.writeTextFile(`${directory}/junk/slipway.db`, "x".repeat(5000));
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const fill = (text: string) =>
    text.replace("DIR", directory).replace("TAKEN", String(taken.addr.port));
  const env = Object.fromEntries(
    Object.entries(fault.env).map(([name, value]) => [name, fill(value)]),
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: {
      SLIPWAY_DATA: `${directory}/data`,
      PORT: "0",
      NO_COLOR: "1",
      ...env,
    },
    stdin: "null",
    stdout: "null",
    signal: AbortSignal.timeout(30_000),
  }).output();
  const said = new TextDecoder().decode(stderr);
  await Deno.remove(directory, { recursive: true });
  assertEquals(code, 1, said);
  assertStringIncludes(said, fill(fault.says));
  assert(!/\n\s+at /.test(said), said);
  assert(!/os error|another Slipway/.test(said), said);
}
