import type { NamedTestbeds } from "./named_testbed.ts";
import { chosenCommands, systemCommands } from "./system_command.ts";
import { testbedFolder } from "./testbed_folder.ts";
import { withoutSharedFolder } from "./virtual_server.ts";

/** Tests in virtual machines, whose image is left as it is. */
export const qemuMachines: NamedTestbeds = {
  name: "qemu",
  summary: "Tests packages in a virtual machine that is thrown away",
  variable: "SLIPWAY_TESTBED_QEMU",
  usual: (host) =>
    `--cpus=2 --ram-size=2048 ${testbedFolder(host)}/{suite}-{arch}.img`,
  commands: [systemCommands.autopkgtest, chosenCommands.qemuImage],
  making: "autopkgtest-build-qemu unstable unstable-amd64.img",
  async list({ template }) {
    const folder = template.slice(0, template.lastIndexOf("/"));
    try {
      const names: string[] = [];
      for await (const { name } of Deno.readDir(folder || "/")) {
        names.push(`${folder}/${name}`);
      }
      return names;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  },
  testbed: (server, { task }) => ({
    server: withoutSharedFolder("qemu", server.fill(task)),
  }),
  hasChildren: true,
  remove: () => Promise.resolve(),
};
