/** One endpoint as the API's page tells it. */
export type Section = {
  /** Method and path as in debci's own page; also the anchor, with `_` between them. */
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Paragraphs of plain text, in which `code` is marked by backquotes. */
  readonly paragraphs: readonly string[];
  /** Shell commands to be copied. */
  readonly examples: readonly string[];
};

const authenticated = 'curl --header "Auth-Key: $KEY"';

/** The endpoints, in debci's order; `api` is where they are, without a final slash. */
export function docSections(
  api: string,
  suite: string,
  arch: string,
): readonly Section[] {
  const several = `${api}/v1/test/${suite}/${arch}`;
  return [
    {
      method: "GET",
      path: "/v1/auth",
      paragraphs: [
        "Checks a key. The answer is 200 and names its user in the header `Auth-User`; with a wrong key it is 403.",
      ],
      examples: [`${authenticated} ${api}/v1/auth`],
    },
    {
      method: "GET",
      path: "/v1/reject_list",
      paragraphs: [
        "The packages that are not tested: by package, suite, architecture and version, with the reason. A package may be a pattern such as `foo-*`, and the version `*` is every version.",
      ],
      examples: [`${authenticated} ${api}/v1/reject_list`],
    },
    ...requestSections(several),
    ...resultSections(api),
  ];
}

function requestSections(several: string): readonly Section[] {
  const tests = JSON.stringify([
    { package: "foo", trigger: "bar/1.0" },
    { package: "baz", "pin-packages": [["src:bar", "unstable"]] },
  ]);
  return [
    {
      method: "POST",
      path: "/v1/test/:suite/:arch",
      paragraphs: [
        "Requests the tests of several packages. The parameter `tests` is a JSON list, as a form's field or as an uploaded file. All tests are stored or none is, and the answer to a faulty list names every fault.",
        "Each test has a `package` and may have: `trigger`, a text that comes back with the result; `pin-packages`, lists of packages (`foo`, or `src:foo` for all that a source builds) whose last item is the suite they come from, each suite in one list only; `is_private`, true for a test that only you see; `extra-apt-sources`, a list of names of sources that the operator has set up.",
        "`priority` is 1 to 10; larger goes first, and the default is 5. The answer is 201 and empty. With the header `Accept: application/json` it holds the numbers of the new tests, in the order of the list, and that to a faulty list has every fault with its index.",
      ],
      examples: [
        `${authenticated} --form tests='${tests}' ${several}`,
        `cat > tests.json <<'END'\n${tests}\nEND\n${authenticated} --form tests=@tests.json --form priority=8 ${several}`,
        `${authenticated} --header "Accept: application/json" --form tests=@tests.json ${several}`,
      ],
    },
    {
      method: "POST",
      path: "/v1/test/batch",
      paragraphs: [
        "Requests tests in several suites and on several architectures; for each of them `tests` is a list as above. All are stored or none is.",
      ],
      examples: [
        `${authenticated} --form tests='${
          JSON.stringify([{
            suite: several.split("/").at(-2),
            arch: [several.split("/").at(-1)],
            tests: [{ package: "foo" }],
          }])
        }' ${several.replace(/\/[^/]+\/[^/]+$/, "/batch")}`,
      ],
    },
    {
      method: "POST",
      path: "/v1/test/:suite/:arch/:package",
      paragraphs: [
        "Requests the test of one package. It takes `priority`, `is_private` (`true` or `false`) and `extra_apt_sources`, a JSON list of names.",
      ],
      examples: [
        `${authenticated} --data '' ${several}/hello`,
        `${authenticated} --data priority=8 --data is_private=true ${several}/hello`,
      ],
    },
  ];
}

function resultSections(api: string): readonly Section[] {
  return [
    {
      method: "GET",
      path: "/v1/test",
      paragraphs: [
        "The tests that you have requested, by last change. `status` is `pass`, `fail`, `neutral` or `tmpfail`, and null until the test is over.",
        "With `since`, seconds since 1970, only those that changed then or later. Ask the next time with the `until` of the answer; a test may come more than once, and none is missed.",
      ],
      examples: [
        `${authenticated} ${api}/v1/test`,
        `${authenticated} "${api}/v1/test?since=$(date --date=yesterday +%s)"`,
      ],
    },
    {
      method: "POST",
      path: "/v1/test/publish",
      paragraphs: [
        "Makes private tests of yours public. `run_ids` has their numbers, with commas between them. There is no way back.",
      ],
      examples: [`${authenticated} --data run_ids=1,2 ${api}/v1/test/publish`],
    },
    {
      method: "GET",
      path: "/v1/retry/:run_id",
      paragraphs: [
        "A page that shows what would be tested again, with a button. A browser asks for your name and password.",
      ],
      examples: [`${authenticated} ${api}/v1/retry/1`],
    },
    {
      method: "POST",
      path: "/v1/retry/:run_id",
      paragraphs: [
        "Tests once more what a test that you may see has tested, with the same parameters.",
      ],
      examples: [`${authenticated} --request POST ${api}/v1/retry/1`],
    },
  ];
}
