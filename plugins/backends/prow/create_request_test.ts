import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import { readCreateRequest, withoutEmptyEnvs } from "./create_request.ts";
import { readJson } from "./json_reader.ts";

function read(body: unknown) {
  return readCreateRequest(
    readJson(typeof body === "string" ? body : JSON.stringify(body)),
  );
}

const periodic = { job_name: "j", job_execution_type: "PERIODIC" };

const emptyRefs = {
  org: "",
  repo: "",
  repo_link: "",
  base_ref: "",
  base_sha: "",
  base_link: "",
  pulls: [],
  path_alias: "",
  work_dir: false,
  clone_uri: "",
  skip_submodules: false,
  clone_depth: 0,
  skip_fetch_head: false,
};

Deno.test("camelCase and snake_case names are equal, also mixed in one body", () => {
  const expected = {
    job_name: "j",
    job_execution_type: 1,
    refs: { ...emptyRefs, base_ref: "main", base_sha: "1", clone_depth: 2 },
    pod_spec_options: { envs: { A: "1" }, labels: {}, annotations: {} },
  };
  assertEquals(
    read({
      jobName: "j",
      job_execution_type: 1,
      refs: { baseRef: "main", base_sha: "1", cloneDepth: 2 },
      podSpecOptions: { envs: { A: "1" } },
    }),
    expected,
  );
});

Deno.test("a message that comes in both spellings is merged, a single value is the later one", () => {
  const request = read({
    job_name: "first",
    jobName: "second",
    pod_spec_options: { envs: { A: "1", B: "1" }, labels: { l: "x" } },
    podSpecOptions: { envs: { B: "2" } },
  });
  assertEquals(request.job_name, "second");
  assertEquals(request.pod_spec_options, {
    envs: { A: "1", B: "2" },
    labels: { l: "x" },
    annotations: {},
  });
});

Deno.test("an execution type is a name, a number or a number in a string", async (t) => {
  const spellings = [
    [1, ["PERIODIC", "1", 1, 1.0]],
    [2, ["POSTSUBMIT", "2", 2]],
    [3, ["PRESUBMIT", "3", 3]],
    [4, ["BATCH", "4", 4]],
    [0, ["JOB_EXECUTION_TYPE_UNSPECIFIED", "0", 0, null]],
    [9, [9]],
  ] as const;
  for (const [number, values] of spellings) {
    for (const value of values) {
      await t.step(JSON.stringify(value), () => {
        const request = read({ job_execution_type: value });
        assertEquals(request.job_execution_type, number);
      });
    }
  }
});

Deno.test("a number may be a string or have a fraction of zero, a truth value may be a word", () => {
  const refs = read({
    refs: {
      clone_depth: "5",
      work_dir: "Yes",
      skip_submodules: "t",
      skip_fetch_head: "0",
      pulls: [{ number: "12" }, { number: 5.0 }, { number: "-3" }],
    },
  }).refs;
  assertEquals(refs?.clone_depth, 5);
  assertEquals(refs?.pulls.map(({ number }) => number), [12, 5, -3]);
  assertEquals(
    [refs?.work_dir, refs?.skip_submodules, refs?.skip_fetch_head],
    [true, true, false],
  );
});

Deno.test("unknown fields are ignored at the top and below", () => {
  assertEquals(
    read({
      ...periodic,
      x: [1, { y: 2 }],
      constructor: {},
      pod_spec_options: { nodeSelector: {}, envs: {} },
    }),
    {
      job_name: "j",
      job_execution_type: 1,
      refs: undefined,
      pod_spec_options: { envs: {}, labels: {}, annotations: {} },
    },
  );
});

Deno.test("null is unset; as the value in a map it is empty", () => {
  assertEquals(
    read({
      job_name: null,
      job_execution_type: null,
      refs: null,
      pod_spec_options: null,
    }),
    read({}),
  );
  const options =
    read({ pod_spec_options: { envs: { A: null }, labels: null } })
      .pod_spec_options;
  assertEquals(options, { envs: { A: "" }, labels: {}, annotations: {} });
});

const wrong: readonly (readonly [string, unknown, string])[] = [
  ["lower-case enum name", { job_execution_type: "periodic" }, "one of"],
  ["enum number in a string that is none", {
    job_execution_type: "9",
  }, "one of"],
  ["fraction as an enum", { job_execution_type: 1.5 }, "one of"],
  ["truth value as an enum", { job_execution_type: true }, "one of"],
  ["fraction as an int32", { refs: { clone_depth: 5.5 } }, "32-bit"],
  ["blank in an int32", { refs: { clone_depth: " 5" } }, "32-bit"],
  ["empty text as an int32", { refs: { clone_depth: "" } }, "32-bit"],
  ["int32 out of range", { refs: { clone_depth: 2147483648 } }, "32-bit"],
  ["huge number as an int32", '{"refs":{"clone_depth":1e400}}', "32-bit"],
  ["number as a string", { job_name: 5 }, "job_name: expected a string"],
  ["object as a string", { job_name: {} }, "expected a string"],
  ["truth value as a string", { refs: { org: true } }, "refs.org"],
  ["number in a map", {
    pod_spec_options: { envs: { N: 5 } },
  }, 'pod_spec_options.envs["N"]: expected a string'],
  ["number as a truth value", { refs: { work_dir: 1 } }, "true or false"],
  ["array for a map", { podSpecOptions: { envs: [] } }, "an object"],
  ["array for a message", { refs: [] }, "refs: expected an object"],
  ["object for a list", { refs: { pulls: {} } }, "expected an array"],
  ["text as an item", { refs: { pulls: ["x"] } }, "refs.pulls[0]"],
  ["array at the top", "[]", "the message: expected an object"],
  ["text at the top", '"x"', "the message"],
  ["null at the top", "null", "the message"],
  [
    "15: repeated key of a map",
    '{"pod_spec_options":{"envs":{"X":"1","\\u0058":"2"}}}',
    "Repeated map key: 'X' is already set.",
  ],
];

for (const [what, body, text] of wrong) {
  Deno.test(`${what} is a 400`, () => {
    const error = assertThrows(() => read(body), ApiError, text);
    assertEquals(error.code, "invalid");
  });
}

Deno.test("the job of the path wins over the one of the body", () => {
  assertEquals(
    readCreateRequest(readJson(JSON.stringify(periodic)), "path").job_name,
    "path",
  );
});

Deno.test("envs without a value can be dropped, those without a name stay to be refused", () => {
  const request = read({
    ...periodic,
    pod_spec_options: { envs: { A: "1", B: "", "": "" } },
  });
  assertEquals(withoutEmptyEnvs(request).pod_spec_options?.envs, {
    A: "1",
    "": "",
  });
  assertEquals(withoutEmptyEnvs(read(periodic)), read(periodic));
});

Deno.test("a key that is special in JavaScript is a key like any other", () => {
  const { envs } = read(
    '{"__proto__":{"job_name":"x"},"pod_spec_options":{"envs":{"__proto__":"1","constructor":"2"}}}',
  ).pod_spec_options ?? {};
  assertEquals(Object.entries(envs ?? {}), [
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
  assertEquals(JSON.stringify(envs), '{"__proto__":"1","constructor":"2"}');
});
