import type { Json } from "../../../core/json.ts";
import type { Run } from "../../../core/run.ts";
import { escapeMarkup } from "../../../http/markup.ts";
import { pageReply } from "./page.ts";

/** The page from which a person retries a test. It works without scripts. */
export function retryPage(
  run: Run,
  equalPending: number,
  headers: Record<string, string>,
): Response {
  const { suite, arch, trigger, pin_packages, extra_apt_sources } = run.request;
  const facts: [string, string][] = [
    ["Package", run.job],
    ["Suite", shown(suite)],
    ["Architecture", shown(arch)],
    ["Trigger", shown(trigger)],
    ["Pinned packages", lines(pin_packages)],
    ["Extra apt sources", lines(extra_apt_sources)],
    ["Requested by", run.owner.name],
    ["Private", run.isPrivate ? "yes" : "no"],
  ];
  const rows = facts.map(([name, value]) =>
    `<tr><th scope="row">${name}</th><td>${
      escapeMarkup(value === "" ? "-" : value)
    }</td></tr>`
  );
  return pageReply(
    `Retry test ${run.number}`,
    `<table>
${rows.join("\n")}
</table>
${
      warning(equalPending)
    }<form method="post" action="/api/v1/retry/${run.number}">
<button type="submit">Retry</button>
</form>`,
    { ...headers, "cache-control": "no-store" },
  );
}

/** What a person sees who has pressed the button. */
export function retriedPage(
  runIds: readonly number[],
  headers: Record<string, string>,
): Response {
  const queued = `Test ${runIds.join(", ")} is queued`;
  return pageReply(queued, "<p>It has the same parameters.</p>", headers);
}

function warning(equalPending: number): string {
  if (equalPending === 0) return "";
  const jobs = equalPending === 1
    ? "There is 1 pending job"
    : `There are ${equalPending} pending jobs`;
  return `<p class="warning" role="alert">${jobs} with the same parameters.</p>\n`;
}

function lines(value: Json | undefined): string {
  return Array.isArray(value)
    ? value.map((item) => [item].flat().map(shown).join(", ")).join("; ")
    : "";
}

function shown(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
