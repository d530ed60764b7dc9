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

print(`
| A log of ${lines} lines                     | min ms | p50 ms | max ms |
| ------------------------------------------- | ------ | ------ | ------ |`);
await measure("first visit, until its first lines are seen", async () => {
  await openedMs(path, "#L1");
});
await measure("until a line near its end is chosen and seen", async () => {
  await openedMs(`${path}#L${near}`, `#L${near}.chosen`);
});
await measure("without script, the page with that line", async () => {
  await ask(`${path}?line=${near}`);
});
await measure("a search that finds nothing, each request", async () => {
  await ask(`${path}/log/search?search=no-such-text`);
});
await measure("a search for what is everywhere", async () => {
  await ask(`${path}/log/search?search=line`);
});
await measure("the look for a failure, each request", async () => {
  await ask(`${path}/log/failure`);
});
await scroll();

/** Each time as somebody who has never been there. */
async function openedMs(to: string, seen: string): Promise<void> {
  const { page } = await world.open(to, {
    viewport: { width: 1280, height: 900 },
  });
  await page.waitForFunction(`document.querySelector(${JSON.stringify(seen)})
    ?.getBoundingClientRect().height > 0`);
  await page.context().close();
}

async function ask(to: string): Promise<void> {
  const headers = await world.rig.app.signIn("alice");
  const answer = await fetch(world.url + to, {
    headers: { ...headers, accept: "text/html" },
    redirect: "manual",
  });
  await answer.body?.cancel();
  if (answer.status >= 400) {
    throw new Error(`Cannot measure ${to}: it answers ${answer.status}`);
  }
}

async function measure(
  name: string,
  act: () => Promise<void>,
): Promise<void> {
  const tookMs: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const begun = performance.now();
    await act();
    tookMs.push(performance.now() - begun);
  }
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
