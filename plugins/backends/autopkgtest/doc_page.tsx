import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { answerPage } from "../../../ui/kit/mod.ts";
import { docSections, type Section } from "./doc_section.ts";

/** The page that tells how to use debci's API; `baseUrl` stands in its examples. */
export function docPage(
  c: Context<AppEnv>,
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
  return answerPage(c, {
    title: "API of the package tests",
    children: (
      <>
        <h1>API of the package tests</h1>
        {intro.map((text) => <Paragraph text={text} />)}
        <ul>
          {sections.map((section) => (
            <li>
              <a href={`#${anchor(section)}`}>
                {section.method} {section.path}
              </a>
            </li>
          ))}
        </ul>
        {sections.map((section) => <SectionView section={section} />)}
        <p>
          All of Slipway's operations are among <a href="/docs">the API</a>.
        </p>
      </>
    ),
  });
}

/** The anchor of a section is debci's: `GET_/v1/auth`. */
function anchor({ method, path }: Section): string {
  return `${method}_${path}`;
}

function SectionView({ section }: { section: Section }) {
  const title = `${section.method} ${section.path}`;
  return (
    <>
      <h2 id={anchor(section)}>{title}</h2>
      {section.paragraphs.map((text) => <Paragraph text={text} />)}
      {section.examples.map((example, index) => (
        <pre
          class="trace"
          tabindex={0}
          role="region"
          aria-label={`${title}, example ${index + 1}`}
        ><code>{example}</code></pre>
      ))}
    </>
  );
}

/** Text in which backquotes mark what is typed. */
function Paragraph({ text }: { text: string }) {
  return (
    <p>
      {text.split("`").map((part, index) =>
        index % 2 === 0 ? part : <code>{part}</code>
      )}
    </p>
  );
}
