import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../../core/error.ts";
import { dispatchOf, toSubmission } from "./dispatch.ts";
import { taskSchema } from "./task.ts";
import { readWorkflow } from "./workflow.ts";

const actor = { name: "alice" };

function dispatch(text: string, inputs: Record<string, string> = {}) {
  const workflow = readWorkflow(text, "ci.yml");
  const place = { repository: "octo/hello", file: "ci.yml", workflow };
  return toSubmission(place, { ref: "main", inputs }, actor);
}

const greeting = `
name: Greeting
on:
  workflow_dispatch:
    inputs:
      who: {required: true}
      loud: {type: boolean, default: false}
      tone: {type: choice, options: [warm, cold], default: warm}
env: {WHO: "\${{ inputs.who }} of \${{ github.repository }}"}
jobs:
  greet:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: echo "Hello $WHO"
      - {name: Loudly, run: exit 3, shell: bash, env: {N: 1}}
`;

Deno.test("a dispatch fills expressions in, and what they stand for is not looked through again", () => {
  const made = dispatch(greeting, { who: "${{ github.actor }}" });
  assertEquals(made.job, "octo/hello/ci.yml");
  assertEquals(made.labels["runs-on"], "ubuntu-latest");
  assertEquals(dispatchOf(made).inputs, {
    who: "${{ github.actor }}",
    loud: "false",
    tone: "warm",
  });
  const task = taskSchema.parse(made.task);
  assertEquals(task.timeoutSeconds, 300);
  assertEquals(task.env.GITHUB_REF_NAME, "main");
  assertEquals(task.steps.map(({ name }) => name), [
    'echo "Hello $WHO"',
    "Loudly",
  ]);
  assertEquals(task.steps[1]?.env, {
    WHO: "${{ github.actor }} of octo/hello",
    N: "1",
  });
});

Deno.test("inputs that do not fit are refused in GitHub's words", () => {
  const refused = (inputs: Record<string, string>, says: string) =>
    assertThrows(() => dispatch(greeting, inputs), ApiError, says);
  refused({}, "Required input 'who' not provided");
  refused({ who: "x", more: "" }, 'Unexpected inputs provided: ["more"]');
  refused({ who: "x", loud: "yes" }, "Provided value 'yes' for input 'loud'");
  refused({ who: "x", tone: "" }, 'is no choice of ["warm","cold"]');
});

Deno.test("what of a workflow is not carried out is refused, not ignored", () => {
  const job = (inner: string) =>
    `on: {workflow_dispatch: }\njobs: {a: {runs-on: x, ${inner}}}`;
  const refused: readonly (readonly [string, string])[] = [
    ["", "the file"],
    ["a: [", "Cannot read the workflow"],
    ["on: push\njobs: {}", "on: "],
    [job("steps: [{uses: actions/checkout@v4}]"), '"uses"'],
    [job("steps: [{run: a, if: always()}]"), '"if"'],
    [job("needs: b, steps: [{run: a}]"), '"needs"'],
    [job("steps: [{run: 'echo ${{ inputs.a }}'}]"), "put that into env"],
    [
      job("env: {A: '${{ secrets.TOKEN }}'}, steps: [{run: a}]"),
      "secrets.TOKEN }} is not understood",
    ],
    [job("env: {A: '${{ inputs.b }}'}, steps: [{run: a}]"), "none is declared"],
    [job("env: {'A B': x}, steps: [{run: a}]"), "jobs.a.env.A B"],
    [
      `${
        job("steps: [{run: a}]").slice(0, -1)
      }, b: {runs-on: x, steps: [{run: a}]}}`,
      "expected one job",
    ],
  ];
  for (const [text, says] of refused) {
    assertThrows(() => readWorkflow(text, "a.yml"), ApiError, says);
  }
});
