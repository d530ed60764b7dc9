import type { Host } from "../../../core/executor.ts";
import type { NamedTestbeds } from "./named_testbed.ts";
import { graceSeconds } from "./package_run.ts";
import { chosenCommands, probe, systemCommands } from "./system_command.ts";

/** What of the runner's environment is podman's own: where its configuration, storage and credentials are. */
const podmanEnv = [
  "USER",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "CONTAINERS_CONF",
  "CONTAINERS_STORAGE_CONF",
  "CONTAINERS_REGISTRIES_CONF",
  "REGISTRY_AUTH_FILE",
  "DBUS_SESSION_BUS_ADDRESS",
];

/** A container outlives a runner that was killed by no more than this. */
const outliveSeconds = 600;

/** Tests in containers of podman, rootless where the runner is not root. */
export const podmanContainers: NamedTestbeds = {
  name: "podman",
  summary: "Tests packages in a container of podman that is thrown away",
  variable: "SLIPWAY_TESTBED_PODMAN",
  usual: () => "autopkgtest/debian:{suite}",
  commands: [systemCommands.autopkgtest, chosenCommands.podman],
  making: "autopkgtest-build-podman --release=unstable",
  async list(_, host) {
    const format = "{{range .Names}}{{println .}}{{end}}";
    const { ok, stdout, stderr } = await podman(host, [
      "images",
      `--format=${format}`,
    ]);
    if (!ok) return { fault: stderr };
    // What has no registry is called so, and may be named without.
    return stdout.split("\n").flatMap((name) => [
      name,
      name.replace(/^localhost\//, ""),
    ]);
  },
  testbed: (server, { task, name }) => ({
    server: [
      "podman",
      ...server.fill(task, {
        // "Remote" means that the container sees no folder of this machine.
        options: ["--remote"],
        further: [
          "--pull=never",
          `--name=${name}`,
          "--label=slipway",
          "--stop-timeout=1",
          `--timeout=${task.timeoutSeconds + graceSeconds + outliveSeconds}`,
        ],
      }),
    ],
    env: podmanEnv,
  }),
  hasChildren: false,
  remove: (name, _, host) =>
    podman(host, ["rm", "--force", "--time=0", "--ignore", name]),
};

function podman({ env }: Host, args: readonly string[]) {
  return probe(
    ["podman", ...args],
    Object.fromEntries(["HOME", ...podmanEnv].flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    })),
  );
}
