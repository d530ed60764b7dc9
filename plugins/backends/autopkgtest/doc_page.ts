import { escapeMarkup } from "../../../http/markup.ts";
import { docSections, type Section } from "./doc_section.ts";
import { pageReply } from "./page.ts";

/** The page that tells how to use debci's API; `baseUrl` stands in its examples. */
export function docPage(
  baseUrl: string,
  suites: readonly string[],
  architectures: readonly string[],
): Response {
  const [suite = ""] = suites;
  const [arch = ""] = architectures;
  const sections = docSections(`${baseUrl}/api`, suite, arch);
  const intro = [
    "Tests of Debian packages are requested and followed through this API, which is that of debci, Debian's package-test service.",
    `There are the suites \`${suites.join("`, `")}\` and the architectures \`${
      architectures.join("`, `")
    }\`.`,
    'Every request but that of this page needs a key in the header `Auth-Key`. The examples take it from the shell: `KEY=…`. A refusal is a plain text that says what to change; with `Accept: application/json` it is `{"error": …}`.',
  ];
  return pageReply(
    "API of the package tests",
    [
      ...intro.map(paragraph),
      `<ul>\n${sections.map(contents).join("\n")}\n</ul>`,
      ...sections.map(sectionMarkup),
      '<p>All of Slipway\'s operations are in the <a href="/openapi.json">OpenAPI document</a>.</p>',
    ].join("\n"),
    { "cache-control": "no-cache" },
  );
}

/** The anchor of a section is debci's: `GET_/v1/auth`. */
function anchor({ method, path }: Section): string {
  return `${method}_${path}`;
}

function contents(section: Section): string {
  return `<li><a href="#${
    anchor(section)
  }">${section.method} ${section.path}</a></li>`;
}

function sectionMarkup(section: Section): string {
  return [
    `<h2 id="${anchor(section)}">${section.method} ${section.path}</h2>`,
    ...section.paragraphs.map(paragraph),
    ...section.examples.map((example) =>
      `<pre><code>${escapeMarkup(example)}</code></pre>`
    ),
  ].join("\n");
}

function paragraph(text: string): string {
  const markup = escapeMarkup(text).replace(/`([^`]+)`/g, "<code>$1</code>");
  return `<p>${markup}</p>`;
}
