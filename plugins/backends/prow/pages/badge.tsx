import { escapeMarkup } from "../../../../http/markup.ts";
import { visible } from "../../../../ui/kit/mod.ts";
import { jobPath } from "./job_path.ts";

/** A job's badge, and what to write to have it elsewhere. */
export function BadgeSection(
  { job, baseUrl, isPublic }: {
    job: string;
    /** Without a slash at its end. */
    baseUrl: string;
    isPublic: boolean;
  },
) {
  const path = badgePath(job);
  return (
    <section aria-labelledby="badge-title">
      <h2 id="badge-title">Badge</h2>
      <p>
        <img src={path} alt={`Badge of ${visible(job)}`} height="20" />
      </p>
      <details>
        <summary>Show it elsewhere</summary>
        {!isPublic && (
          <p>
            Only who is signed in here sees it, until{" "}
            <code>publicDeck</code>, an option of the plugin, lets everybody.
          </p>
        )}
        {snippets(job, baseUrl).map(([name, text]) => (
          <figure>
            <figcaption>{name}</figcaption>
            <pre class="trace" tabindex={0}>{visible(text)}</pre>
          </figure>
        ))}
      </details>
    </section>
  );
}

/** The badge in the languages that readmes are written in. */
export function snippets(
  job: string,
  baseUrl: string,
): readonly (readonly [name: string, text: string])[] {
  const image = baseUrl + badgePath(job);
  const page = baseUrl + jobPath(job);
  const bracketless = job.replace(/[[\]\\]/g, "\\$&");
  return [
    ["Markdown", `[![${bracketless}](${image})](${page})`],
    [
      "HTML",
      `<a href="${escapeMarkup(page)}"><img src="${escapeMarkup(image)}" alt="${
        escapeMarkup(job)
      }"></a>`,
    ],
    [
      "AsciiDoc",
      `image:${image}["${job.replaceAll('"', "&quot;")}",link="${page}"]`,
    ],
  ];
}

/** Commas and the signs of patterns mean something there (`badge_routes.ts`); names of configuration have none. */
function badgePath(job: string): string {
  return `/badge.svg?${new URLSearchParams({ jobs: job })}`;
}
