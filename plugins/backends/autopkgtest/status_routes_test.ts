import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { startDebci } from "../../../tests/debci.ts";

const status = "/data/status/unstable/amd64";
const count = z.object({
  pass: z.number(),
  fail: z.number(),
  neutral: z.number(),
  tmpfail: z.number(),
  total: z.number(),
  date: z.string(),
});

Deno.test("the counts of each day are those of the packages' newest results at its end", async () => {
  await using rig = await startDebci();
  const day = 86_400_000;
  const now = async () =>
    count.parse(JSON.parse(await rig.text(`${status}/status.json`)));
  const first = new Date(rig.app.now()).toISOString().slice(0, 10);
  await rig.run({ package: "bash" });
  await rig.run({ package: "apt" }, { exitCode: 4 });
  rig.app.advance(2 * day);
  await rig.run({ package: "bash" }, { exitCode: 8 });
  const late = await rig.run({ package: "dash", isPrivate: true });
  await rig.run({ package: "bash", pins: [["src:x1", "testing"]] });
  const { pass, fail, neutral, tmpfail, total } = await now();
  assertEquals({ pass, fail, neutral, tmpfail, total }, {
    pass: 0,
    fail: 1,
    neutral: 1,
    tmpfail: 0,
    total: 2,
  });
  rig.app.advance(day);
  await rig.run({ package: "dash" }, { exitCode: 16 });
  await rig.publish(late);
  const history = z.array(count).parse(
    JSON.parse(await rig.text(`${status}/history.json`)),
  );
  assertEquals(
    history.map((each) => [each.pass, each.fail, each.neutral, each.tmpfail]),
    [[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1]],
  );
  assertEquals(await now(), history[3]);
  const [year, month, date] = first.split("-");
  const path = `${status}/${year}/${month}/${date}.json`;
  assertEquals(JSON.parse(await rig.text(path)), history[0]);
  assertEquals(history[0]?.date, `${first}T23:59:59`);
  await rig.text(`${status}/1999/01/01.json`, 404);
  await rig.text(`${status}/${year}/${month}/xx.json`, 404);
});

Deno.test("suites and architectures that are not listed have no files", async () => {
  await using rig = await startDebci();
  const paths = ["nosuch/amd64", "unstable/nosuch"].flatMap((place) =>
    ["packages", "status", "history"].map((file) =>
      `/data/status/${place}/${file}.json`
    )
  );
  for (const path of paths) {
    assertStringIncludes(await rig.text(path, 404), "Cannot find /data/");
  }
});

Deno.test("packages.json has every package once, by name, however many there are", async () => {
  await using rig = await startDebci();
  await rig.ask({ package: "bash" });
  const { runs } = rig.app.app.store;
  const [run] = await runs.list({});
  assert(run);
  const { request, task, labels, owner } = run;
  const names = Array.from({ length: 1_234 }, (_, at) => `package${at}`);
  const outcome = { state: "passed", message: "All tests passed" } as const;
  await runs.submit(
    "autopkgtest",
    owner,
    names.map((job) => ({ job, request, task, labels, outcome })),
  );
  const packages = z.array(z.object({ package: z.string() })).parse(
    JSON.parse(await rig.text(`${status}/packages.json`)),
  );
  assertEquals(packages.map((each) => each.package), names.toSorted());
});
