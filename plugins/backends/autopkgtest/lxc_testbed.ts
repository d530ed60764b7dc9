import type { NamedTestbeds } from "./named_testbed.ts";
import type { ServerArguments } from "./server_arguments.ts";
import { chosenCommands, probe, systemCommands } from "./system_command.ts";
import { withoutSharedFolder } from "./virtual_server.ts";

/** Tests in copies of LXC containers, as Debian's own service does. */
export const lxcContainers: NamedTestbeds = {
  name: "lxc",
  summary: "Tests packages in a copy of an LXC container",
  variable: "SLIPWAY_TESTBED_LXC",
  usual: () => "--ephemeral autopkgtest-{suite}",
  commands: [systemCommands.autopkgtest, chosenCommands.lxc],
  making: "autopkgtest-build-lxc debian unstable",
  async list(server) {
    const { ok, stdout, stderr } = await lxc(server, ["lxc-ls", "-1"]);
    return ok ? stdout.split("\n").map((name) => name.trim()) : {
      fault: stderr,
    };
  },
  testbed: (server, { task, name }) => ({
    server: withoutSharedFolder(
      "lxc",
      server.fill(task, { options: [`--name=${name}`] }),
    ),
  }),
  hasChildren: false,
  remove: (name, server) =>
    lxc(server, ["lxc-destroy", "--force", "--name", name]),
};

/** Root's containers are reached as root, as autopkgtest is told to do by the same option. */
function lxc(
  server: ServerArguments,
  [command, ...args]: readonly [string, ...string[]],
) {
  const isSudo = server.has("--sudo") || server.has("-s");
  return probe(
    isSudo
      ? ["sudo", "--non-interactive", command, ...args]
      : [command, ...args],
  );
}
