import { assert, assertEquals } from "@std/assert";
import type { Json } from "../../../core/json.ts";
import {
  collection,
  post,
  startGangway,
  user,
} from "../../../tests/gangway.ts";

/** Where bodies are read. */
const paths = [
  collection,
  `${collection}/hello`,
  `${collection}?dry_run=1`,
  "/v1/bulk-job-status-update",
];

/** A generator of numbers in [0, 1) that repeats itself for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const names = [
  "job_name",
  "jobName",
  "job_execution_type",
  "refs",
  "org",
  "repo",
  "base_ref",
  "baseSha",
  "pulls",
  "sha",
  "number",
  "clone_depth",
  "work_dir",
  "pod_spec_options",
  "podSpecOptions",
  "envs",
  "labels",
  "annotations",
  "job_status_change",
  "current",
  "desired",
  "started_before",
  "cluster",
  "prow.k8s.io/gerrit-revision",
  "__proto__",
  "constructor",
  "",
];
const scalars: readonly Json[] = [
  null,
  true,
  0,
  1,
  -1,
  2.5,
  3,
  4,
  9,
  1e308,
  "",
  "1",
  "3",
  "hello",
  "twice",
  "PERIODIC",
  "POSTSUBMIT",
  "a".repeat(40),
  "\u0000",
  "\ud800",
  "é\n%",
];

function anyJson(random: () => number, depth: number): Json {
  const pick = <T>(items: readonly T[]): T | undefined =>
    items[Math.floor(random() * items.length)];
  const size = Math.floor(random() * 6);
  const kind = depth > 4 ? 0 : random();
  if (kind < 0.3) return pick(scalars) ?? null;
  if (kind < 0.4) {
    return Array.from({ length: size }, () => anyJson(random, depth + 1));
  }
  return Object.fromEntries(
    Array.from(
      { length: size + 1 },
      () => [pick(names) ?? "", anyJson(random, depth + 1)],
    ),
  );
}

Deno.test("no JSON value at all as the body of a call gives a 5xx", async () => {
  await using app = await startGangway();
  const random = randomNumbers(20260203);
  const statuses = new Map<number, number>();
  for (let turn = 0; turn < 2000; turn++) {
    const value = anyJson(random, 0);
    const path = paths[turn % paths.length] ?? "";
    const response = await post(app, path, JSON.stringify(value));
    const text = await response.text();
    assert(
      response.status < 500,
      `${response.status} to ${JSON.stringify(value)}: ${text}`,
    );
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  }
  // Bodies that get through are among them, or the test would show little.
  assert((statuses.get(200) ?? 0) > 0, JSON.stringify([...statuses]));
});

const valid = '"job_name":"hello","job_execution_type":1';
const hostile:
  readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
    ["100,000 opened arrays", "[".repeat(100_000)],
    ["100,000 opened objects", '{"refs":'.repeat(100_000)],
    ["100,000 closed arrays", "[".repeat(100_000) + "]".repeat(100_000)],
    ["deep nesting in an unknown field", `{${valid},"x":${"[".repeat(5000)}}`],
    ["a huge exponent", '{"refs":{"clone_depth":1e999999999}}'],
    [
      "a number of a million digits",
      `{"job_execution_type":${"1".repeat(1e6)}}`,
    ],
    ["a million digits as text", `{"job_execution_type":"${"1".repeat(1e6)}"}`],
    ["an unclosed text of a megabyte", `{"job_name":"${"a".repeat(1e6)}`],
    ["backslashes without end", `{"job_name":"${"\\".repeat(1e6 + 1)}`],
    [
      "a job_name of a megabyte",
      `{"job_name":"${"a".repeat(1e6)}","job_execution_type":1}`,
    ],
    ["lone surrogates", '{"job_name":"\\ud800","job_execution_type":1}'],
    [
      "a lone surrogate as an env",
      `{${valid},"pod_spec_options":{"envs":{"A":"\\udfff"}}}`,
    ],
    [
      "a lone surrogate as an env name",
      `{${valid},"pod_spec_options":{"envs":{"\\udfff":"A"}}}`,
    ],
    ["NUL in the name", '{"job_name":"hello\\u0000","job_execution_type":1}'],
    ["NUL in an env", `{${valid},"pod_spec_options":{"envs":{"A":"\\u0000"}}}`],
    [
      "NUL in refs",
      '{"job_name":"publish","job_execution_type":2,"refs":{"org":"o","repo":"r\\u0000","base_ref":"main","base_sha":"s"}}',
    ],
    [
      "control characters in the name",
      '{"job_name":"\\u001b[31m\\r\\n","job_execution_type":1}',
    ],
    ["a raw NUL", '{"job_name":"\0"}'],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    [
      "a prototype",
      `{${valid},"__proto__":{"job_name":"x"},"constructor":{"prototype":{"x":1}}}`,
    ],
    [
      "prototypes below",
      `{${valid},"pod_spec_options":{"__proto__":{"envs":{"A":""}},"envs":{"constructor":"1","toString":"2"}}}`,
    ],
    [
      "a prototype as a label",
      `{${valid},"pod_spec_options":{"labels":{"__proto__":"1"}}}`,
    ],
    [
      "20,000 envs",
      `{${valid},"pod_spec_options":{"envs":${
        JSON.stringify(
          Object.fromEntries(
            Array.from({ length: 20_000 }, (_, index) => [`A${index}`, "1"]),
          ),
        )
      }}}`,
    ],
    [
      "100,000 pulls",
      `{"job_name":"x","job_execution_type":3,"refs":{"org":"o","repo":"r","base_ref":"b","base_sha":"s","pulls":[${
        Array.from({ length: 100_000 }, () => "{}").join(",")
      }]}}`,
    ],
  ];

for (const [what, body] of hostile) {
  Deno.test(`${what} in a body gives no 5xx, and soon`, async () => {
    await using app = await startGangway();
    for (const path of paths) {
      const startedAt = performance.now();
      const init = { user, method: "POST", body };
      const response = await app.request(path, init);
      const text = await response.text();
      assert(
        response.status < 500,
        `${response.status}: ${text.slice(0, 500)}`,
      );
      const ms = performance.now() - startedAt;
      assert(ms < 5000, `it took ${ms} ms`);
    }
  });
}

Deno.test("an env that is called like a prototype is an env", async () => {
  await using app = await startGangway();
  const body =
    `{${valid},"pod_spec_options":{"envs":{"__proto__":"1","constructor":"2"}}}`;
  const { id, pod_spec_options } = await (await post(app, collection, body))
    .json();
  const envs: [string, unknown][] = [["__proto__", "1"], ["constructor", "2"]];
  assertEquals(Object.entries(pod_spec_options.envs), envs);
  const path = `${collection}/${id}?view=full`;
  const full = await (await app.request(path, { user })).json();
  assertEquals(Object.entries(full.pod_spec_options.envs), envs);
});

Deno.test("no path or query at all gives a 5xx", async () => {
  await using app = await startGangway();
  const texts = [
    "%00",
    "%FF",
    "%E0%A4%A",
    "%",
    "%2F..%2F",
    "..",
    "__proto__",
    "%ED%A0%80",
    "\u{1F600}",
    "a".repeat(5000),
    "' or 1=1 --",
  ];
  for (const text of texts) {
    for (
      const path of [
        `${collection}/${text}`,
        `${collection}/${text}/cancel`,
        `${collection}?job_name=${text}&status=${text}`,
        `${collection}?job_name=${text}`,
        `${collection}?page_token=${text}&page_size=${text}`,
        `${collection}?page_token=${text}`,
        `${collection}?view=${text}&dry_run=${text}`,
        `/v1/jobs/${text}`,
        `/v1/jobs?name=${text}&org=${text}&repo=${text}`,
        `/v1/jobs?cursor=${text}`,
      ]
    ) {
      for (const method of ["GET", "POST"]) {
        const response = await app.request(path, { user, method });
        const answer = await response.text();
        assert(response.status < 500, `${method} ${path}: ${answer}`);
      }
    }
  }
});
