/** What every kind of named testbeds says, offers and is called with; no testbed is needed. */
import { assertEquals, assertMatch } from "@std/assert";
import { lxcContainers } from "./lxc_testbed.ts";
import { defineNamedTestbeds } from "./named_testbed.ts";
import { podmanContainers } from "./podman_testbed.ts";
import { qemuMachines } from "./qemu_testbed.ts";
import { ServerArguments } from "./server_arguments.ts";
import { chosenCommands, missingCommands } from "./system_command.ts";
import { hostWith, taskOf, withFolder } from "./testing.ts";

const kinds = [lxcContainers, podmanContainers, qemuMachines];
const host = hostWith({ SLIPWAY_TESTBEDS: "/beds" });
const run = { task: taskOf("bash"), host, name: "slipway-7-1" };

/** The arguments of a kind's server, with the operator's setting or the usual one. */
function serverOf(kind: typeof kinds[number], setting?: string) {
  const server = new ServerArguments(setting ?? kind.usual(host));
  return kind.testbed(server, run).server;
}

Deno.test("LXC copies the container of the suite under a name of the run", () => {
  assertEquals(serverOf(lxcContainers).slice(2), [
    "/usr/bin/autopkgtest-virt-lxc",
    "--name=slipway-7-1",
    "--ephemeral",
    "autopkgtest-unstable",
  ]);
  assertEquals(
    serverOf(lxcContainers, "--sudo bed-{suite}-{arch} -- --define x=y").slice(
      3,
    ),
    [
      "--name=slipway-7-1",
      "--sudo",
      `bed-unstable-${host.arch}`,
      "--",
      "--define",
      "x=y",
    ],
  );
});

Deno.test("QEMU boots the image of the suite", () => {
  assertEquals(serverOf(qemuMachines).slice(2), [
    "/usr/bin/autopkgtest-virt-qemu",
    "--cpus=2",
    "--ram-size=2048",
    `/beds/unstable-${host.arch}.img`,
  ]);
});

Deno.test("podman runs the image of the suite, and no container outlives its run for long", () => {
  assertEquals(serverOf(podmanContainers, "img:{suite} -- --memory=1g"), [
    "podman",
    "--remote",
    "img:unstable",
    "--",
    "--pull=never",
    "--name=slipway-7-1",
    "--label=slipway",
    "--stop-timeout=1",
    "--timeout=930",
    "--memory=1g",
  ]);
});

for (const kind of [lxcContainers, qemuMachines]) {
  Deno.test(`${kind.name} shares no folder of this machine with its testbed`, () => {
    const [python, script] = serverOf(kind);
    assertEquals(python, "/usr/bin/python3");
    assertMatch(script ?? "", /\/no_shared_folder\.py$/);
  });
}

for (const kind of kinds) {
  const executor = defineNamedTestbeds(kind);

  Deno.test(`${kind.name} says how to make a testbed where there is none`, async () => {
    const setting = "/no/such/folder/bed-{suite}";
    const why = await executor.unready(hostWith({ [kind.variable]: setting }));
    assertMatch(
      why ?? "",
      /is not installed here; type: |does not work here: |make one, for unstable: autopkgtest-build-/,
    );
    assertEquals(executor.offer(host), {
      backend: ["autopkgtest"],
      arch: [host.arch],
      testbed: ["disposable"],
    });
  });

  Deno.test(`${kind.name} names a setting that is faulty`, async () => {
    const bare = hostWith({ [kind.variable]: "--no-name" });
    const why = await executor.unready(bare) ?? "";
    assertMatch(why, RegExp(`not installed|^${kind.variable} is faulty: `));
  });
}

const [missing] = await missingCommands([chosenCommands.qemuImage]);

Deno.test({
  name: "QEMU offers the suites that the folder has images for" +
    (missing === undefined ? "" : " (skipped: qemu-img is not installed)"),
  ignore: missing !== undefined,
  fn: () =>
    withFolder(async (folder) => {
      for (const name of ["unstable", "testing"]) {
        await Deno.writeTextFile(`${folder}/${name}-${host.arch}.img`, "");
      }
      await Deno.writeTextFile(`${folder}/stable-none.img`, "");
      const executor = defineNamedTestbeds(qemuMachines);
      const beds = hostWith({ SLIPWAY_TESTBEDS: folder });
      assertEquals(await executor.unready(beds), null);
      assertEquals(executor.offer(beds).suite, ["testing", "unstable"]);
    }),
});
