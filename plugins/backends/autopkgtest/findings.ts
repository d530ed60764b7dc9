import type { JsonObject } from "../../../core/json.ts";
import { readPlainFile } from "./plain_file.ts";

/** What autopkgtest left in its output folder. */
export type Findings = {
  /** The version tested; null when it did not get as far as having the source. */
  readonly version: string | null;
  /** How each test of the package went: `NAME PASS|FAIL|SKIP|FLAKY DETAIL`. */
  readonly tests: readonly string[];
  /** Why the tests as a whole could not be carried out. */
  readonly problem: string | null;
};

/** A result's facts are stored with the run, so they stay small. */
const maxTests = 500;
const maxLineCharacters = 500;
/** Of a summary no more is read. */
const maxFileBytes = 1024 ** 2;

/** Reads an output folder. A file that is missing says nothing. */
export async function readFindings(directory: string): Promise<Findings> {
  const text = await readOrEmpty(`${directory}/testpkg-version`);
  const version = text.trim().split(/\s+/).at(-1) ?? "";
  return {
    version: version.slice(0, maxLineCharacters) || null,
    ...parseSummary(await readOrEmpty(`${directory}/summary`)),
  };
}

/** Reads autopkgtest's summary. A test that a restriction skips is in it twice. */
export function parseSummary(
  text: string,
): Pick<Findings, "tests" | "problem"> {
  const lines = text.split("\n").map((line) =>
    line.slice(0, maxLineCharacters)
  );
  const tests = lines.flatMap((line) => {
    const [, name = "", result = ""] =
      /^(\S+) +((?:PASS|FAIL|SKIP|FLAKY)\b.*)$/.exec(line) ?? [];
    return name === "" ? [] : [`${name} ${result.trimEnd()}`];
  });
  const problem = lines.findLast((line) =>
    /^(testbed failure|erroneous package|quitting): /.test(line)
  );
  return {
    tests: [...new Set(tests)].slice(0, maxTests),
    problem: problem ?? null,
  };
}

/** Findings as the facts of an end. */
export function toFacts(findings: Findings): JsonObject {
  const { version, tests, problem } = findings;
  return {
    ...(version === null ? {} : { version }),
    tests,
    ...(problem === null ? {} : { problem }),
  };
}

async function readOrEmpty(file: string): Promise<string> {
  const bytes = await readPlainFile(file, maxFileBytes);
  return new TextDecoder().decode(bytes ?? new Uint8Array());
}
