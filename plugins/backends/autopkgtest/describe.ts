import type { Description } from "../../../core/backend.ts";
import { endFacts, type Run } from "../../../core/run.ts";

/** What pages and the CLI show of a test. */
export function describe(run: Run): Description {
  const { suite, arch, trigger, pin_packages: pins } = run.request;
  const { version } = endFacts(run.end);
  const facts: [string, unknown][] = [
    ["Suite", suite],
    ["Architecture", arch],
    ["Version", version],
    ["Trigger", trigger],
    ["Pinned packages", pinned(pins)],
  ];
  return {
    title: `${run.job} in ${suite} on ${arch}`,
    facts: facts.flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [{ name, value }] : []
    ),
    links: [{ name: "Log", href: `/v1/runs/${run.id}/log` }],
  };
}

function pinned(pins: unknown): string {
  return Array.isArray(pins)
    ? pins.map((list) => [list].flat().join(" ")).join("; ")
    : "";
}
