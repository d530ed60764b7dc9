/**
 * Pins and extra sources in a real testbed, whose archive is a small one of
 * the test's own: unstable and testing, each with its version of two packages.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { endFacts } from "../../../core/run.ts";
import { begin } from "../../../tests/attempt.ts";
import { ensureTestbed } from "../../../tests/rootfs.ts";
import {
  type SigningKey,
  withSigningKey,
  writeSuite,
} from "./local_archive.ts";
import { writeSourceTree } from "./source_tree.ts";
import { findSubIds } from "./sub_ids.ts";
import { missingCommands, systemCommands } from "./system_command.ts";
import type { Task } from "./task.ts";
import { hostWith, run, taskOf, withFolder } from "./testing.ts";
import { unshareTestbed } from "./executor.ts";

const packages = ["greeter", "bystander"];
const versions = `dpkg-query --show --showformat='\${Package}=\${Version}\\n' ${
  packages.join(" ")
}`;
const lacking = await whyImpossible();
const isSkipped = lacking !== null && Deno.env.get("CI") !== "true";

Deno.test({
  name: "pins and extra sources become the testbed's apt configuration" +
    (isSkipped ? ` (skipped: ${lacking})` : ""),
  ignore: isSkipped,
  fn: (t) =>
    withArchive(async (lent) => {
      await t.step(
        "a pinned source comes from its suite, and everything else from the run's",
        () => pinned(lent),
      );
      await t.step(
        "an extra source is a line of sources.list.d, and its key is trusted for it alone",
        () => fromExtraSource(lent),
      );
    }),
});

async function pinned({ carryOut }: Lent): Promise<void> {
  const pins = [{ suite: "testing", packages: ["src:greeter"] }];
  const { end, log } = await carryOut({ pins });
  assertEquals(end.kind === "exited" && end.exitCode, 0, log);
  assertEquals(endFacts(end).tests, ["versions PASS"]);
  assertStringIncludes(log, "greeter=2.0\n");
  assertStringIncludes(log, "bystander=1.0\n");
}

async function fromExtraSource({ carryOut, extraKey }: Lent): Promise<void> {
  const extraSources = [{
    name: "extra",
    entry: "deb file:/srv/extra extra main",
    signingKey: extraKey,
  }];
  const { end, log } = await carryOut({ extraSources });
  assertEquals(end.kind === "exited" && end.exitCode, 0, log);
  assertStringIncludes(log, "greeter=3.0\n");
  assertStringIncludes(
    log,
    "\ndeb [signed-by=/etc/apt/keyrings/slipway-extra.asc] file:/srv/extra extra main\n",
  );
  assert(!log.includes("/etc/apt/trusted.gpg.d/slipway"), log);
}

type Lent = {
  readonly extraKey: string;
  carryOut(
    fields: Partial<Task>,
  ): Promise<Awaited<ReturnType<typeof carryOut>>>;
};

/** Lends a testbed with the archive in it, and a package whose test says which versions it has got. */
async function withArchive(use: (lent: Lent) => Promise<void>): Promise<void> {
  const testbed = await ensureTestbed();
  await withFolder((folder) =>
    withSigningKey(
      "local",
      (key) =>
        withSigningKey("extra", async (extraKey) => {
          await makeTestbed(testbed, folder, key, extraKey);
          await writeSourceTree(`${folder}/trees`, "versions", [{
            name: "versions",
            depends: packages.join(", "),
            script:
              `${versions}; cat /etc/apt/sources.list.d/*; ls /etc/apt/trusted.gpg.d/*`,
            restrictions: "allow-stderr",
          }]);
          await use({
            extraKey: extraKey.publicKey,
            carryOut: (fields) => carryOut(folder, fields),
          });
        }),
    )
  );
}

async function makeTestbed(
  testbed: string,
  folder: string,
  key: SigningKey,
  extraKey: SigningKey,
): Promise<void> {
  const overlay = `${folder}/overlay`;
  const archive = `${overlay}/srv/archive`;
  await writeSuite(
    archive,
    { name: "unstable", version: "1.0", packages },
    key,
  );
  await writeSuite(archive, { name: "testing", version: "2.0", packages }, key);
  await writeSuite(
    `${overlay}/srv/extra`,
    { name: "extra", version: "3.0", packages },
    extraKey,
  );
  await Deno.mkdir(`${overlay}/etc/apt/trusted.gpg.d`, { recursive: true });
  const line = "file:/srv/archive unstable main\n";
  await Deno.writeTextFile(
    `${overlay}/etc/apt/sources.list`,
    `deb ${line}deb-src ${line}`,
  );
  await Deno.writeTextFile(
    `${overlay}/etc/apt/trusted.gpg.d/local.asc`,
    key.publicKey,
  );
  const file = `${folder}/unstable-${hostWith().arch}.tar`;
  await Deno.copyFile(testbed, file);
  await run("tar", [
    "--append",
    `--file=${file}`,
    `--directory=${overlay}`,
    "--owner=root:0",
    "--group=root:0",
    "./srv",
    "./etc/apt/sources.list",
    "./etc/apt/trusted.gpg.d/local.asc",
  ]);
}

async function carryOut(folder: string, fields: Partial<Task>) {
  const host = hostWith({
    SLIPWAY_TESTBEDS: folder,
    SLIPWAY_PACKAGE_TREES: `${folder}/trees`,
  });
  const task = taskOf("versions", fields);
  await using attempt = await begin(unshareTestbed, task, host);
  const end = await attempt.end;
  return { end, log: attempt.log() };
}

async function whyImpossible(): Promise<string | null> {
  const [missing] = await missingCommands(Object.values(systemCommands));
  if (missing !== undefined) return `${missing.command} is not installed`;
  const subIds = await findSubIds();
  return "fault" in subIds ? subIds.fault : null;
}
