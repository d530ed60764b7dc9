import type { ExecutionStatus } from "../execution_status.ts";
import { escapeMarkup } from "../../../../http/markup.ts";

/** What a badge says, and in which colour. */
export type Badge = { readonly text: string; readonly color: string };

/** More failing jobs than these are not named. */
const maxNamed = 3;

/** Widths are guessed: no font is measured here. */
const characterWidth = 6;
const padding = 13;

/** The verdict on the last results of some jobs. */
export function toBadge(
  results: readonly {
    readonly job: string;
    readonly status: ExecutionStatus;
  }[],
): Badge {
  if (results.length === 0) return { text: "no results", color: "darkgrey" };
  const failing = results.filter(({ status }) =>
    status === "FAILURE" || status === "ERROR"
  ).map(({ job }) => job).sort();
  if (failing.length === 0) return { text: "passing", color: "#4c1" };
  const named = failing.length > maxNamed
    ? [...failing.slice(0, maxNamed), "..."]
    : failing;
  return { text: `failing ${named.join(", ")}`, color: "#e05d44" };
}

/** A badge as an image. */
export function drawBadge({ text, color }: Badge): string {
  const subject = "build";
  const left = padding + characterWidth * subject.length;
  const right = padding + characterWidth * text.length;
  const label = (x: number, words: string) =>
    `<text x="${x}" y="14">${escapeMarkup(words)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${
    left + right
  }" height="20" role="img" aria-label="${escapeMarkup(`${subject}: ${text}`)}">
<rect rx="3" width="100%" height="20" fill="#555"/>
<rect rx="3" x="${left}" width="${right}" height="20" fill="${color}"/>
<rect x="${left}" width="4" height="20" fill="${color}"/>
<g fill="#fff" text-anchor="middle" font-family="DejaVu Sans,Verdana,Geneva,sans-serif" font-size="11">
${label(left / 2, subject)}
${label(left + right / 2, text)}
</g>
</svg>
`;
}
