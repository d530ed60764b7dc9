import type { Artifact } from "../core/artifact.ts";
import type { Run } from "../core/run.ts";
import { type Case, readJunit, type TestReport } from "./junit.ts";
import type { PagesParts } from "./parts.ts";
import { Name, visible } from "./kit/text.tsx";
import { duration } from "./kit/time.tsx";

/** What is read for one page, so that a run with thousands of files is shown as quickly as others. */
const maxFiles = 10;
const maxBytes = 512 * 1024;

/** A file and what it says. */
export type FileReport = {
  readonly artifact: Artifact;
  readonly report: TestReport;
};

/** The JUnit files among what a run left behind, as far as they are small. */
export async function readReports(
  { artifacts }: PagesParts,
  run: Run,
  files: readonly Artifact[],
): Promise<readonly FileReport[]> {
  const candidates = files.filter(({ path }) =>
    /(^|\/)[^/]*junit[^/]*\.xml$|(^|\/)TEST-[^/]*\.xml$/i.test(path)
  ).slice(0, maxFiles);
  const reports: FileReport[] = [];
  let bytes = 0;
  for (const artifact of candidates) {
    bytes += artifact.sizeBytes;
    if (bytes > maxBytes) break;
    const found = await artifacts.open(run, artifact.path);
    if (found === null) continue;
    const report = readJunit(await new Response(found.body).text());
    if (report !== null) reports.push({ artifact, report });
  }
  return reports;
}

/** Test results: what did not pass first. */
export function TestReports({ reports }: { reports: readonly FileReport[] }) {
  if (reports.length === 0) return null;
  return (
    <section aria-labelledby="tests-title">
      <h2 id="tests-title">Tests</h2>
      {reports.map(({ artifact, report }) => (
        <div>
          <p>
            <Name text={artifact.path} />: {report.passed} of {report.total}
            {" "}
            passed
          </p>
          {report.notPassed.map((each) => <CaseView each={each} />)}
        </div>
      ))}
    </section>
  );
}

function CaseView({ each }: { each: Case }) {
  const { name, result, seconds, detail } = each;
  return (
    <details open={result !== "skipped"}>
      <summary>
        <span class={`state ${result}`}>{result}</span> <Name text={name} />
        {seconds !== null && <small>{duration(seconds * 1000)}</small>}
      </summary>
      {detail !== "" && (
        <pre
          class="trace"
          dir="ltr"
        >{detail.split("\n").map(visible).join("\n")}</pre>
      )}
    </details>
  );
}
