/**
 * A log of 50 MB in a browser: how long until its lines are seen, at its
 * beginning and near its end, how even it scrolls, and how long the server
 * looks through it. On the embedded store, in memory.
 *
 * @module
 */
import { print } from "../scripts/script.ts";
import { startBrowserWorld } from "../tests/browser_world.ts";
import { fillLog } from "../tests/fill_log.ts";
import { distributionOf } from "./distribution.ts";

const logBytes = 50 * 1024 * 1024;
const turns = 5;

await using world = await startBrowserWorld();
const number = await world.rig.run({ package: "talkative" }, {
  exitCode: 4,
  log: "",
});
const lines = await fillLog(world.rig, number, logBytes);
const path = `/runs/${number}`;
const near = lines - 10;

const short = await world.rig.run({ package: "terse" }, { log: "a line\n" });

print(`
| A log of ${lines} lines                     | min ms | p50 ms | max ms |
| ------------------------------------------- | ------ | ------ | ------ |`);
await measure(
  "floor: a log of one line is seen",
  () => openedMs(`/runs/${short}`, "#L1"),
);
await measure("its first lines are seen", () => openedMs(path, "#L1"));
await measure(
  "a line near its end is chosen and seen",
  () => openedMs(`${path}#L${near}`, `#L${near}.chosen`),
);
await measure(
  "without script, the page with that line",
  () => answeredMs(`${path}?line=${near}`),
);
await measure(
  "a search that finds nothing, each request",
  () => answeredMs(`${path}/log/search?search=no-such-text`),
);
await measure(
  "a search for what is everywhere",
  () => answeredMs(`${path}/log/search?search=line`),
);
await measure(
  "the look for a failure, each request",
  () => answeredMs(`${path}/log/failure`),
);
await scroll();

/** From the beginning of a first visit until the frame that shows an element, by the page's own clock. */
async function openedMs(to: string, seen: string): Promise<number> {
  const { page } = await world.open("/livez", {
    viewport: { width: 1280, height: 900 },
  });
  await page.addInitScript(`(() => {
    const look = () => {
      const found = document.querySelector(${JSON.stringify(seen)});
      if (found?.getBoundingClientRect().height > 0) {
        globalThis.seenAt = performance.now();
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })()`);
  await page.goto(world.url + to);
  let seenAt: unknown = null;
  while (typeof seenAt !== "number") {
    seenAt = await page.evaluate("globalThis.seenAt ?? null");
  }
  await page.context().close();
  return seenAt;
}

async function answeredMs(to: string): Promise<number> {
  const signedIn = await world.rig.app.signIn("alice");
  const begun = performance.now();
  const answer = await fetch(world.url + to, {
    headers: { ...signedIn, accept: "text/html" },
    redirect: "manual",
  });
  await answer.arrayBuffer();
  if (answer.status < 400) return performance.now() - begun;
  throw new Error(`Cannot measure ${to}: it answers ${answer.status}`);
}

async function measure(
  name: string,
  take: () => Promise<number>,
): Promise<void> {
  const tookMs: number[] = [];
  for (let turn = 0; turn < turns; turn++) tookMs.push(await take());
  const { min, p50 } = distributionOf(tookMs);
  row(name, [min, p50, Math.max(...tookMs)]);
}

/** Frames while the log is scrolled by 600 px every 50 ms, a second each at three places. */
async function scroll(): Promise<void> {
  const { page } = await world.open(path, {
    viewport: { width: 1280, height: 900 },
  });
  await page.waitForSelector("#log[data-whole] .line");
  const frames: number[] = await page.evaluate(`(async () => {
    const box = document.getElementById("log");
    box.scrollIntoView();
    const frames = [];
    for (const part of [0, 0.5, 0.95]) {
      box.scrollTop = box.scrollHeight * part;
      await new Promise((resolve) => setTimeout(resolve, 500));
      let [before, moved] = [performance.now(), performance.now()];
      const until = before + 1_000;
      while (performance.now() < until) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = performance.now();
        frames.push(now - before);
        before = now;
        if (now - moved >= 50) {
          box.scrollTop += 600;
          moved = now;
        }
      }
    }
    return frames;
  })()`);
  const shown = await page.locator(".line").count();
  const { min, p50, p95 } = distributionOf(frames);
  row("a frame while it is scrolled", [min, p50, Math.max(...frames)]);
  print(
    `\np95 of ${frames.length} frames: ${
      p95.toFixed(1)
    } ms; ${shown} lines are in the page at a time`,
  );
}

function row(name: string, figures: readonly number[]): void {
  const cells = figures.map((ms) => ms.toFixed(1).padStart(6)).join(" | ");
  print(`| ${name.padEnd(43)} | ${cells} |`);
}
