/**
 * `deno task test [PATH…]`: installs what a new machine lacks, runs every test,
 * and ends with the count of the test runner's own report.
 *
 * @module
 */
import { print, tell } from "./script.ts";
import { allCommands, ensureSystemPackages } from "./system_packages.ts";

const allowInstall = !Deno.args.includes("--no-install");
const paths = Deno.args.filter((arg) => arg !== "--no-install");
await ensureSystemPackages({
  allowInstall,
  log: tell,
  // Pages are tried as people use them; where there is no browser those tests are skipped.
  commands: [...allCommands, { command: "chromium", package: "chromium" }],
});

const { summary, success } = await runTests(paths);
print(summary);
if (!success) Deno.exit(1);

/** Runs `deno test`, passing its output on as it comes. */
async function runTests(
  paths: readonly string[],
): Promise<{ summary: string; success: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--frozen", "--parallel", ...paths],
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const decoder = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    output += decoder.decode(chunk, { stream: true });
  }
  const { success } = await child.status;
  const counts = readCounts(output);
  // Without the report nothing is known to have passed: a type error, say, ends the runner before any test.
  if (counts === null) {
    return { summary: "tests: 0 passed, 1 failed", success: false };
  }
  return {
    summary: `tests: ${counts.passed} passed, ${counts.failed} failed` +
      (counts.ignored > 0 ? `, ${counts.ignored} skipped` : ""),
    success: success && counts.failed === 0 && counts.passed > 0,
  };
}

/** Reads the last line of the report: `ok | 2 passed (2 steps) | 0 failed | 1 ignored (10ms)`. */
function readCounts(
  output: string,
): { passed: number; failed: number; ignored: number } | null {
  const report =
    /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/gm;
  const last = [...output.matchAll(report)].at(-1);
  if (last === undefined) return null;
  return {
    passed: Number(last[1]),
    failed: Number(last[2]),
    ignored: Number(last[3] ?? 0),
  };
}
