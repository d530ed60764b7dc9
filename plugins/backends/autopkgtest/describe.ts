import type { Description } from "../../../core/backend.ts";
import { endFacts, type Run } from "../../../core/run.ts";
import type { ShownRequest } from "../../../core/shown_request.ts";
import { defaultPriority } from "./target.ts";
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
    request: repeated(run),
  };
}

/** A request for this one test. Only the form for several takes a trigger and pins (wire 1.5). */
function repeated({ job, request, isPrivate, priority }: Run): ShownRequest {
  const { suite, arch, trigger, pin_packages, extra_apt_sources } = request;
  const isList = (value: unknown) => Array.isArray(value) && value.length > 0;
  const test = {
    package: job,
    ...typeof trigger === "string" && { trigger },
    ...isList(pin_packages) && { "pin-packages": pin_packages },
    ...isList(extra_apt_sources) && { "extra-apt-sources": extra_apt_sources },
    ...isPrivate && { is_private: true },
  };
  const urgency: readonly (readonly [string, string])[] =
    priority === defaultPriority ? [] : [["priority", String(priority)]];
  return {
    method: "POST",
    path: ["api", "v1", "test", String(suite), String(arch)],
    credential: "auth-key",
    accept: "application/json",
    body: {
      kind: "form",
      fields: [["tests", JSON.stringify([test])], ...urgency],
    },
  };
}

function pinned(pins: unknown): string {
  return Array.isArray(pins)
    ? pins.map((list) => [list].flat().join(" ")).join("; ")
    : "";
}
