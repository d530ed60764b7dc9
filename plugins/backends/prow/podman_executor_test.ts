/** Real containers of a real image, without a registry. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../../core/json.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { begin, carryOut, hostWith, scriptTask } from "../../../tests/pod.ts";
import { type PodJobs, podTest, testPodJobs } from "../../../tests/pod_jobs.ts";
import {
  ensurePodmanStorage,
  testImage,
  tryTo,
} from "../../../tests/rootfs.ts";
import { eventually } from "../../../tests/eventually.ts";
import { podman } from "./executor.ts";
import { capture } from "./pod/capture.ts";
import { systemCommands, whyMissing } from "./pod/system_command.ts";
import type { Task } from "./task.ts";

const { podman: command, runc, catatonit, mmdebstrap } = systemCommands;
const missing = await whyMissing([command, runc, catatonit, mmdebstrap]);
const { made, lacking } = missing === null
  ? await tryTo(ensurePodmanStorage)
  : { made: null, lacking: missing };
const host = hostWith(made ?? {});

const jobs: PodJobs = {
  executor: podman,
  host,
  image: testImage,
  isIsolated: true,
  lacking,
};

function job(script: string, image = testImage): Task {
  return scriptTask(script, { image });
}

function sent(task: Task): JsonObject {
  return JSON.parse(JSON.stringify(task));
}

testExecutor(podman, {
  host,
  tasks: {
    passing: sent(job("echo done")),
    failing: sent(job("exit 3")),
    endless: sent(job("echo here; sleep 600 & wait")),
    unstartable: sent(job("", "dir:/etc")),
  },
});

testPodJobs(jobs);

podTest(
  jobs,
  "a job is in its image, and nothing of this machine is",
  async () => {
    const { end, log } = await carryOut(
      podman,
      job(
        ". /etc/os-release; echo $ID; grep -c : /proc/net/dev; touch /etc/x && echo changed",
      ),
      host,
    );
    assertEquals(end, { kind: "exited", exitCode: 0 }, log);
    assertEquals(log, "debian\n1\nchanged\n");
  },
);

podTest(
  jobs,
  "a container without a command runs what its image says",
  async () => {
    const { end } = await carryOut(podman, {
      ...job(""),
      container: {
        image: testImage,
        command: [],
        args: ["true"],
        env: [],
        clusterEnv: [],
      },
    }, host);
    assertEquals(end, { kind: "exited", exitCode: 0 });
  },
);

podTest(jobs, "no container is left, however the job ended", async () => {
  await carryOut(podman, job("exit 1"), host);
  await using attempt = await begin(podman, job("echo begun; sleep 600"), host);
  await eventually(
    () => attempt.log().includes("begun"),
    "it does not begin",
    30_000,
  );
  assertMatch(await containers(), /^slipway-/m);
  attempt.stop();
  await attempt.end;
  assertEquals(await containers(), "");
});

podTest(
  jobs,
  "an image that cannot be had is not started, in podman's words",
  async () => {
    const { end } = await carryOut(
      podman,
      job("", "localhost:1/none:v1"),
      host,
    );
    assertEquals(end.kind, "not_started");
    assertMatch("reason" in end ? end.reason : "", /^podman: .*localhost:1/);
  },
);

podTest(
  jobs,
  "what is wrong with podman's setup is said before work is claimed",
  async () => {
    assertEquals(await podman.unready(host), null);
    const broken = hostWith({ CONTAINERS_CONF: import.meta.filename ?? "" });
    assertStringIncludes(await podman.unready(broken) ?? "", "podman: ");
  },
);

async function containers(): Promise<string> {
  const { stdout } = await capture({
    argv: ["podman", "ps", "--all", "--format", "{{.Names}}"],
    cwd: "/",
    env: { ...host.env },
    timeoutSeconds: 60,
  }, null);
  return stdout;
}
