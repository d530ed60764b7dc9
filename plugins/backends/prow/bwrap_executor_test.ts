/** Real jobs in a real Debian that cannot be written to. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../../core/json.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import {
  carryOut,
  hostWith,
  makeFolder,
  scriptTask,
} from "../../../tests/pod.ts";
import { type PodJobs, podTest, testPodJobs } from "../../../tests/pod_jobs.ts";
import { ensureRootfs, tryTo } from "../../../tests/rootfs.ts";
import { bwrap } from "./executor.ts";
import { systemCommands, whyMissing } from "./pod/system_command.ts";
import type { Task } from "./task.ts";

const missing = await whyMissing([
  systemCommands.bwrap,
  systemCommands.mmdebstrap,
]);
const { made, lacking } = missing === null
  ? await tryTo(ensureRootfs)
  : { made: null, lacking: missing };
const rootfs = made ?? "/no/root/file/system";
const host = hostWith({ SLIPWAY_ROOTFS: rootfs });

const jobs: PodJobs = {
  executor: bwrap,
  host,
  image: "docker.io/library/debian",
  isIsolated: true,
  lacking,
};

function sent(task: Task): JsonObject {
  return JSON.parse(JSON.stringify(task));
}

const noSuchCommand = {
  image: "debian",
  command: ["no-such-command"],
  args: [],
  env: [],
  clusterEnv: [],
};

testExecutor(bwrap, {
  host,
  tasks: {
    passing: sent(scriptTask("echo done")),
    failing: sent(scriptTask("exit 3")),
    endless: sent(scriptTask("echo here; sleep 600 & wait")),
    unstartable: sent({ ...scriptTask(""), container: noSuchCommand }),
  },
});

testPodJobs(jobs);

podTest(
  jobs,
  "a job sees its root file system, which it cannot change, and nothing of this machine",
  async () => {
    await using folder = await makeFolder();
    const { end, log } = await carryOut(
      bwrap,
      scriptTask(`
      . /etc/os-release; echo $ID
      ls ${folder.path} ${rootfs} 2>&1
      touch /etc/x /usr/x 2>&1
      id -u; ls /proc | grep -c '^[0-9]'
      grep CapEff /proc/self/status; cat /proc/net/dev | grep -c :
      pwd; touch "$HOME/a" /tmp/a "$ARTIFACTS/a" && echo written
    `),
      host,
    );
    assertEquals(end, { kind: "exited", exitCode: 0 }, log);
    const lines = log.trimEnd().split("\n");
    assertEquals(lines[0], "debian");
    assertMatch(lines.slice(1, 3).join(), /No such file.*No such file/);
    assertMatch(lines.slice(3, 5).join(), /Read-only.*Read-only/);
    assertEquals(lines[5], "0");
    assertMatch(lines[6] ?? "", /^[3-6]$/);
    assertMatch(lines[7] ?? "", /0{16}$/);
    assertEquals(lines.slice(8), ["1", "/home/prow", "written"]);
  },
);

podTest(
  jobs,
  "a link in the place of ARTIFACTS brings nothing of this machine out",
  async () => {
    await using secrets = await makeFolder();
    await Deno.writeTextFile(`${secrets.path}/key.txt`, "TOPSECRET");
    await Deno.writeTextFile(`${secrets.path}/metadata.json`, '{"a": "TOP"}');
    const { files, log } = await carryOut(
      bwrap,
      scriptTask(
        `rm -rf "$ARTIFACTS"; ln -s ${secrets.path} "$ARTIFACTS"; echo done`,
      ),
      host,
    );
    assertStringIncludes(log, "done\n");
    assertStringIncludes(log, "cannot read ARTIFACTS");
    const handedIn = JSON.stringify([...files]);
    assertEquals(/TOP|key\.txt/.test(handedIn), false, handedIn);
  },
);

podTest(
  jobs,
  "SLIPWAY_NETWORK=host connects a job to this machine's network",
  async () => {
    const { log } = await carryOut(
      bwrap,
      scriptTask("cat /proc/net/dev"),
      hostWith({ SLIPWAY_ROOTFS: rootfs, SLIPWAY_NETWORK: "host" }),
    );
    const names = (text: string) => text.match(/^ *\S+:/gm)?.sort();
    assertEquals(names(log), names(await Deno.readTextFile("/proc/net/dev")));
  },
);

podTest(
  jobs,
  "an image without a root file system is not started",
  async () => {
    await using folder = await makeFolder();
    const { end } = await carryOut(
      bwrap,
      scriptTask("", { image: "gcr.io/a/b:v1" }),
      hostWith({ SLIPWAY_ROOTFS: folder.path }),
    );
    assertEquals(end, {
      kind: "not_started",
      reason:
        "Cannot run gcr.io/a/b:v1: SLIPWAY_ROOTFS has no root file system of that name, and no default",
    });
  },
);

podTest(jobs, "what is missing is said before work is claimed", async () => {
  assertEquals(await bwrap.unready(host), null);
  const without = await bwrap.unready(hostWith()) ?? "";
  assertStringIncludes(without, "mmdebstrap --variant=minbase");
  const gone = hostWith({ SLIPWAY_ROOTFS: "/no/such/folder" });
  assertStringIncludes(await bwrap.unready(gone) ?? "", "is not a folder");
});
