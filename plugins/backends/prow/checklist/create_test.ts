import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  collection,
  created,
  hello,
  post,
  refs,
  refused,
  sha,
  startGangway,
  user,
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { checkLines } from "../../../../tests/checklist.ts";

const publish = { job_name: "publish", job_execution_type: "POSTSUBMIT", refs };
const invalidRefs = "gitRefs: failed to validate: ";

/** Each body is a 400 with its text, and leaves nothing behind. */
async function refuses(
  app: TestApp,
  cases: readonly (readonly [body: unknown, message: string])[],
  path = collection,
) {
  for (const [body, message] of cases) {
    const refusal = await refused(await post(app, path, body));
    assertEquals(refusal, { status: 400, code: 3, message });
  }
  assertEquals(await app.app.store.runs.list({}), []);
}

const withOptions = (options: unknown) => ({
  ...hello,
  pod_spec_options: options,
});

const withPulls = (...pulls: unknown[]) => ({
  ...publish,
  refs: { ...refs, pulls },
});

checkLines([
  [33, "a job_name is needed", (app) =>
    refuses(app, [
      [{}, "job_name field cannot be empty"],
      [{ job_execution_type: 1 }, "job_name field cannot be empty"],
      [{ job_name: "", refs: {} }, "job_name field cannot be empty"],
    ])],
  [34, "a type is needed", (app) =>
    refuses(app, [[
      { job_name: "hello" },
      "unsupported JobExecutionType: JOB_EXECUTION_TYPE_UNSPECIFIED",
    ]])],
  [35, "type 0 is none", (app) => {
    const message =
      "unsupported JobExecutionType: JOB_EXECUTION_TYPE_UNSPECIFIED";
    return refuses(app, [
      [{ ...hello, job_execution_type: 0, refs }, message],
      [{ ...hello, job_execution_type: "0" }, message],
    ]);
  }],
  [36, "a periodic takes no refs, not even empty ones", (app) =>
    refuses(app, [
      [{ ...hello, refs }, "periodic jobs cannot also have gitRefs"],
      [{ ...hello, refs: {} }, "periodic jobs cannot also have gitRefs"],
    ])],
  [37, "every other type needs refs", (app) =>
    refuses(
      app,
      [["POSTSUBMIT", 2], ["PRESUBMIT", 3], ["BATCH", 4], ["9", 9]].map((
        [name, type],
      ) => [
        { ...hello, job_execution_type: type },
        `gitRefs must be defined for "${name}"`,
      ]),
    )],
  [
    38,
    "refs need org, repo, base_ref and base_sha, told in that order",
    (app) =>
      refuses(app, [
        [
          { ...publish, refs: {} },
          `${invalidRefs}gitRefs: Org cannot be empty`,
        ],
        [
          { ...publish, refs: { org: "o" } },
          `${invalidRefs}gitRefs: Repo cannot be empty`,
        ],
        [
          { ...publish, refs: { org: "o", repo: "r", base_sha: "" } },
          `${invalidRefs}gitRefs: BaseRef cannot be empty`,
        ],
        [
          { ...publish, refs: { org: "o", repo: "r", base_ref: "main" } },
          `${invalidRefs}gitRefs: BaseSha cannot be empty`,
        ],
      ]),
  ],
  [39, "base_sha need not be hexadecimal", async (app) => {
    const base_sha = "7336f38f75f91a876313daacbfw97f25dfe21bbf";
    await created(
      await post(app, collection, { ...publish, refs: { ...refs, base_sha } }),
    );
  }],
  [
    40,
    "the sha of every pull is 40 lower-case hexadecimal digits",
    async (app) => {
      const invalid = (sha: string) =>
        `${invalidRefs}pull: invalid SHA: "${sha}"`;
      await refuses(app, [
        [withPulls({ sha: sha.toUpperCase() }), invalid(sha.toUpperCase())],
        [withPulls({ sha: "abc" }), invalid("abc")],
        [withPulls({}), invalid("")],
        [withPulls({ sha }, { sha: `${sha}0` }), invalid(`${sha}0`)],
      ]);
      await created(await post(app, collection, withPulls({ sha }, { sha })));
    },
  ],
  [
    41,
    "an empty env key or value is a 400; in the path form an env without value is dropped, unless strict",
    async (app) => {
      const empty = withOptions({ envs: { A: "1", K: "" } });
      const message = 'invalid environment variable key/value pair: "K", ""';
      await refuses(app, [
        [empty, message],
        [
          withOptions({ envs: { "": "v" } }),
          'invalid environment variable key/value pair: "", "v"',
        ],
      ]);
      const path = `${collection}/hello`;
      const { pod_spec_options } = await created(await post(app, path, empty));
      assertEquals(pod_spec_options?.envs, { A: "1" });
      await using strict = await startGangway({ strict: true });
      await refuses(strict, [[empty, message]], path);
    },
  ],
  [
    42,
    "an empty label or annotation, or a label value that Kubernetes refuses, is a 400",
    async (app) => {
      await refuses(app, [
        [
          withOptions({ labels: { K: "" } }),
          'invalid label key/value pair: "K", ""',
        ],
        [
          withOptions({ labels: { "": "v" } }),
          'invalid label key/value pair: "", "v"',
        ],
        [
          withOptions({ labels: { K: "a".repeat(64) } }),
          'invalid label: the following errors found: ["must be no more than 63 bytes"]',
        ],
        [
          withOptions({ annotations: { K: "" } }),
          'invalid annotation key/value pair: "K", ""',
        ],
        [
          withOptions({ annotations: { "": "v" } }),
          'invalid annotation key/value pair: "", "v"',
        ],
      ]);
      const slash = withOptions({ labels: { K: "a/b" } });
      assertStringIncludes(
        (await refused(await post(app, collection, slash))).message,
        'invalid label: the following errors found: ["a valid label must be',
      );
      const longest = withOptions({ labels: { K: "a".repeat(63) } });
      await created(await post(app, collection, longest));
    },
  ],
  [43, "envs are looked at before labels, labels before annotations", (app) => {
    const [annotations, labels] = [{ a: "" }, { l: "" }];
    return refuses(app, [
      [
        withOptions({ annotations, labels, envs: { e: "" } }),
        'invalid environment variable key/value pair: "e", ""',
      ],
      [
        withOptions({ annotations, labels }),
        'invalid label key/value pair: "l", ""',
      ],
    ]);
  }],
  [44, "the request is looked at before the tenant", async () => {
    await using app = await startGangway({ tenants: {} });
    await refuses(app, [[
      { job_name: "owned", job_execution_type: 1, refs: {} },
      "periodic jobs cannot also have gitRefs",
    ]]);
  }],
  [45, "another tenant's job is a 403", async () => {
    await using app = await startGangway({
      tenants: { [`user:${user}`]: ["GlobalDefaultID"], "*": ["team"] },
    });
    const owned = { job_name: "owned", job_execution_type: 1 };
    assertEquals(await refused(await post(app, collection, owned)), {
      status: 403,
      code: 7,
      message: "client is not authorized to execute the given job",
    });
    await created(await post(app, collection, hello));
    const byOther = await app.request(collection, {
      user: "bob",
      method: "POST",
      body: JSON.stringify(owned),
    });
    await created(byOther);
  }],
]);
