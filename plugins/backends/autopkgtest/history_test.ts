import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { register, resultSchema, startDebci } from "../../../tests/debci.ts";

const status = "/data/status/unstable/amd64";
const results = z.array(resultSchema);
type Rig = Awaited<ReturnType<typeof startDebci>>;

async function packages(rig: Rig) {
  return results.parse(JSON.parse(await rig.text(`${status}/packages.json`)));
}

async function result(rig: Rig, number: number, user = "alice") {
  const { results } = await rig.list("", user);
  const found = results.find((each) => each.run_id === number);
  assert(found);
  return found;
}

Deno.test("debci 86: the end of a test gives status, worker, message, duration, date and version", async () => {
  await using rig = await startDebci();
  const number = await rig.run({ package: "bash" }, {
    files: { "log.gz": "12345", "artifacts.tar.gz": "1234567" },
  });
  const found = await result(rig, number);
  assertEquals(
    [found.status, found.message, found.duration_seconds, found.version],
    ["pass", "All tests passed", 12, "1.0-1"],
  );
  assertEquals(found.date, new Date(rig.app.now()).toISOString());
  assertEquals(
    [found.worker_id, found.log_size, found.artifacts_size],
    [1, 5, 7],
  );
});

Deno.test("a worker keeps its number when its runner registers anew", async () => {
  await using rig = await startDebci();
  await register(rig.app, "worker-1");
  const first = await rig.run({ package: "bash" });
  const again = await rig.run({ package: "bash" });
  assertEquals(
    (await result(rig, first)).worker_id,
    (await result(rig, again)).worker_id,
  );
});

const exitCodes = [
  [0, "pass"],
  [2, "pass"],
  [4, "fail"],
  [6, "fail"],
  [8, "neutral"],
  [12, "fail"],
  [14, "fail"],
  [16, "tmpfail"],
  [99, "tmpfail"],
] as const;

Deno.test("debci 85: exit codes become statuses, in results and in packages.json", async () => {
  await using rig = await startDebci();
  for (const [exitCode, word] of exitCodes) {
    const number = await rig.run({ package: `code${exitCode}` }, { exitCode });
    assertEquals((await result(rig, number)).status, word);
  }
  assertEquals(
    new Map((await packages(rig)).map((each) => [each.package, each.status])),
    new Map(
      exitCodes.map(([code, word]) => [`code${code}`, word]).toSorted()
        .map(([name, word]) => [String(name), String(word)]),
    ),
  );
});

Deno.test("debci 88: previous_status is of the public test without pins before, in that suite and architecture", async () => {
  await using rig = await startDebci();
  const previous = async (number: number) =>
    (await result(rig, number)).previous_status;
  const first = await rig.run({ package: "bash" }, { exitCode: 4 });
  const pinned = await rig.run({
    package: "bash",
    pins: [["src:dash", "testing"]],
  });
  const secret = await rig.run({ package: "bash", isPrivate: true });
  await rig.run({ package: "bash", suite: "testing" });
  await rig.run({ package: "bash", arch: "arm64" });
  await rig.run({ package: "dash" });
  const last = await rig.run({ package: "bash" }, { exitCode: 8 });
  assertEquals(
    await Promise.all([first, pinned, secret, last].map(previous)),
    [null, "fail", "fail", "fail"],
  );
});

Deno.test("debci 89: the last pass is that of the public tests without pins before", async () => {
  await using rig = await startDebci();
  const passes = async (number: number) => {
    const found = await result(rig, number);
    return [found.last_pass_version, found.last_pass_date];
  };
  const first = await rig.run({ package: "bash" }, { version: "1.0-1" });
  const passedAt = new Date(rig.app.now()).toISOString();
  await rig.run({ package: "bash", pins: [["src:dash", "testing"]] }, {
    version: "2.0-1",
  });
  await rig.run({ package: "bash", isPrivate: true }, { version: "3.0-1" });
  const failed = await rig.run({ package: "bash" }, { exitCode: 4 });
  const again = await rig.run({ package: "bash" }, { exitCode: 16 });
  assertEquals(await passes(first), [null, null]);
  assertEquals(await passes(failed), ["1.0-1", passedAt]);
  assertEquals(await passes(again), ["1.0-1", passedAt]);
});

Deno.test("a pass that is published late is the last pass of what ends afterwards", async () => {
  await using rig = await startDebci();
  await rig.run({ package: "bash" }, { version: "1.0-1" });
  const secret = await rig.run({ package: "bash", isPrivate: true }, {
    version: "2.0-1",
  });
  const before = await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.publish(secret);
  const after = await rig.run({ package: "bash" }, { exitCode: 4 });
  assertEquals((await result(rig, before)).last_pass_version, "1.0-1");
  assertEquals((await result(rig, after)).last_pass_version, "2.0-1");
});

Deno.test("debci 90: a test that ran and left no version has n/a, one that never ran none", async () => {
  await using rig = await startDebci();
  const ran = await rig.run({ package: "bash" }, {
    end: { kind: "exited", exitCode: 16 },
  });
  const never = await rig.run({ package: "bash" }, {
    end: { kind: "not_started", reason: "There is no such package" },
  });
  assertEquals((await result(rig, ran)).version, "n/a");
  assertEquals((await result(rig, never)).version, null);
});

Deno.test("debci 91: packages.json has the newest public result without pins, and publishing an older one does not move it back", async () => {
  await using rig = await startDebci();
  const shown = async () =>
    (await packages(rig)).map(({ run_id, status }) => [run_id, status]);
  const older = await rig.run({ package: "bash", isPrivate: true });
  assertEquals(await shown(), []);
  const first = await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.publish(older);
  assertEquals(await shown(), [[first, "fail"]]);
  await rig.run({ package: "bash", pins: [["src:dash", "testing"]] });
  const newer = await rig.run({ package: "bash", isPrivate: true });
  await rig.ask({ package: "bash" });
  assertEquals(await shown(), [[first, "fail"]]);
  await rig.publish(newer);
  assertEquals(await shown(), [[newer, "pass"]]);
});

Deno.test("debci 92: a package's history is its public tests that are over, newest first", async () => {
  await using rig = await startDebci();
  const path = "/data/packages/b/bash/unstable-amd64.json";
  const one = await rig.run({ package: "bash" });
  const two = await rig.run({ package: "bash", pins: [["src:x1", "testing"]] });
  await rig.run({ package: "bash", isPrivate: true });
  await rig.run({ package: "bash", suite: "testing" });
  const three = await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.ask({ package: "bash" });
  const history = results.parse(JSON.parse(await rig.text(path)));
  assertEquals(history.map((each) => each.run_id), [three, two, one]);
  assertEquals(history.map((each) => each.status), ["fail", "pass", "pass"]);
});

Deno.test("a cancelled test is no part of the history", async () => {
  await using rig = await startDebci();
  const number = await rig.ask({ package: "bash" });
  const run = await rig.app.app.store.runs.findByNumber(number);
  const outcome = { state: "aborted", message: "Cancelled" } as const;
  await rig.app.app.store.attempts.cancel(run?.id ?? "", outcome);
  assertEquals((await result(rig, number)).status, "tmpfail");
  assertEquals(await packages(rig), []);
  await rig.text("/data/packages/b/bash/unstable-amd64.json", 404);
});

Deno.test("a test that was stored as over counts from the start", async () => {
  await using rig = await startDebci();
  await rig.ask({ package: "bash" });
  const [run] = await rig.app.app.store.runs.list({});
  assert(run);
  const { job, request, task, labels } = run;
  const outcome = { state: "failed", message: "Rejected" } as const;
  await rig.app.app.store.runs.submit("autopkgtest", {
    account: run.owner.account,
    name: run.owner.name,
  }, [{ job, request, task, labels, outcome }]);
  assertEquals((await packages(rig)).map((each) => each.status), ["fail"]);
});

Deno.test("debci 93, 105: the feed has one entry for each change of a package, and none for tmpfail, pins and private tests", async () => {
  await using rig = await startDebci();
  const entries = async () =>
    [
      ...(await rig.text("/data/feeds/b/bash.xml")).matchAll(
        /<entry>[^]*?<title>(.*?)<\/title>/g,
      ),
    ].map(([, title]) => title);
  await rig.run({ package: "bash" });
  await rig.run({ package: "bash" });
  assertEquals(await entries(), []);
  await rig.run({ package: "bash" }, { exitCode: 16 });
  await rig.run({ package: "bash" });
  await rig.run({ package: "bash", isPrivate: true }, { exitCode: 4 });
  await rig.run({ package: "bash", pins: [["src:x1", "testing"]] }, {
    exitCode: 4,
  });
  assertEquals(await entries(), []);
  await rig.run({ package: "bash" }, { exitCode: 16 });
  await rig.run({ package: "bash" }, { exitCode: 4, version: "2" });
  await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.run({ package: "bash" }, { exitCode: 8, version: "3" });
  assertEquals(await entries(), [
    "bash 3 in unstable on amd64: neutral, was fail",
    "bash 2 in unstable on amd64: fail, was pass",
  ]);
});

Deno.test("debci 95: a version of 300 characters is told in full", async () => {
  await using rig = await startDebci();
  const version = `1.0+${"a".repeat(300)}`;
  await rig.run({ package: "bash" }, { version });
  assertEquals((await packages(rig))[0]?.version, version);
});

Deno.test("debci 96: packages.json is debci's: a pretty list of objects of 24 keys", async () => {
  await using rig = await startDebci();
  assertEquals(await rig.text(`${status}/packages.json`), "[]");
  await rig.run({ package: "bash" }, { version: "1<2&3" });
  await rig.run({ package: "apt" });
  const text = await rig.text(`${status}/packages.json`);
  assertStringIncludes(text, '[\n  {\n    "run_id": ');
  assertStringIncludes(text, '    "duration_human": "12s",\n');
  assertStringIncludes(text, '    "version": "1\\u003c2\\u00263",\n');
  const [apt, bash] = await packages(rig);
  assertEquals([apt?.package, bash?.package], ["apt", "bash"]);
  assertEquals(
    Object.keys(bash ?? {}).length,
    24,
  );
});
