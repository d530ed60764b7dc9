import type { Description } from "../../../core/backend.ts";
import { endFacts, type Run } from "../../../core/run.ts";
import { historyPath } from "./pages/path.ts";

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
  // Private tests are on no page of their package, which may not even be there.
  const history = typeof suite === "string" && typeof arch === "string" &&
      !run.isPrivate
    ? [{ name: "History", href: historyPath(run.job, { suite, arch }) }]
    : [];
  return {
    title: `${run.job} in ${suite} on ${arch}`,
    facts: facts.flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [{ name, value }] : []
    ),
    links: [
      ...history,
      { name: "Log", href: `/v1/runs/${run.id}/log` },
    ],
    retryPath: `/api/v1/retry/${run.number}`,
  };
}

function pinned(pins: unknown): string {
  return Array.isArray(pins)
    ? pins.map((list) => [list].flat().join(" ")).join("; ")
    : "";
}
