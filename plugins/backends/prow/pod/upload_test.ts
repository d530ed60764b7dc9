import { assertEquals } from "@std/assert";
import type { Work } from "../../../../core/executor.ts";
import { makeFolder } from "../../../../tests/pod.ts";
import { artifactLimits } from "./artifacts.ts";
import { Keeper } from "./upload.ts";

/** A keeper whose server does as a test wants, and the lines of its log. */
function keeperWith(upload: Work["upload"]) {
  const lines: string[] = [];
  const keeper = new Keeper({
    run: { id: "i", number: 1, attempt: 1 },
    serverUrl: "",
    directory: "/",
    log: (chunk) => void lines.push(String(chunk).trimEnd()),
    signal: new AbortController().signal,
    spawn: () => Promise.reject(new Error("not needed")),
    upload,
    now: () => 0,
  });
  return { keeper, lines };
}

Deno.test("the log names what is not kept, the server's refusals included", async () => {
  await using folder = await makeFolder();
  await Deno.writeTextFile(`${folder.path}/refused`, "");
  for (let number = 10; number < 24; number++) {
    await Deno.writeTextFile(`${folder.path}/${number}`, "long");
  }
  const { keeper, lines } = keeperWith(() =>
    Promise.reject(new Error("the disk is full"))
  );
  await keeper.artifacts(folder.path, { ...artifactLimits, fileBytes: 3 });
  assertEquals(lines.length, 12);
  assertEquals(lines.slice(0, 2), [
    "slipway: cannot keep artifacts/refused: the disk is full",
    "slipway: artifacts/10 is not kept: it is larger than 3 bytes",
  ]);
  assertEquals(lines.at(-1), "slipway: 4 more artifacts are not kept");
});

Deno.test("artifacts that cannot be read are told", async () => {
  const { keeper, lines } = keeperWith(() => Promise.resolve());
  await keeper.artifacts("/no/such/folder");
  assertEquals(lines.length, 1);
  assertEquals(lines[0]?.startsWith("slipway: cannot read ARTIFACTS: "), true);
});

Deno.test("a server that takes nothing does not hold up the end", async () => {
  const never = Promise.withResolvers<void>();
  const { keeper, lines } = keeperWith(() => never.promise);
  keeper.text("started.json", "{}");
  assertEquals(await keeper.settle(10), false);
  assertEquals(lines, ["slipway: files are not kept: the server takes none"]);
  never.resolve();
  assertEquals(await keeper.settle(), true);
});
