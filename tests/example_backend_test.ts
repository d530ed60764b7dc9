/** The example backend, as somebody puts it into their own checkout. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { eventually } from "./eventually.ts";
import { parsePage } from "./pages.ts";
import { copyRepository } from "./repository_copy.ts";
import { startSlipway } from "./slipway.ts";

const workflow = `
name: Greeting
on:
  workflow_dispatch:
    inputs: {who: {required: true}}
jobs:
  greet:
    runs-on: any
    steps:
      - {run: 'echo "Hello $WHO"', env: {WHO: "\${{ inputs.who }}"}}
      - {name: Check, run: 'test "$WHO" = you', env: {WHO: "\${{ inputs.who }}"}}
      - run: echo "# Greeted" > "$GITHUB_STEP_SUMMARY"
`;

const detailsSchema = z.object({
  workflow_run_id: z.int(),
  run_url: z.string(),
  html_url: z.string(),
});
const runSchema = z.object({
  status: z.string(),
  conclusion: z.string().nullable(),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

Deno.test("one line in each configuration loads the example: a real runner carries its workflow out, its facts, pages and operations are there", async () => {
  await using copy = await copyRepository();
  await copy.edit(
    "slipway.config.ts",
    (text) =>
      `import githubActions from "./examples/github_actions/mod.ts";\n${
        text.replace("autopkgtest()]", "autopkgtest(), githubActions()]")
      }`,
  );
  await copy.edit(
    "runner.config.ts",
    (text) =>
      `import { steps } from "./examples/github_actions/executor.ts";\n${
        text.replace("  dummy,\n", "  dummy,\n  steps,\n")
      }`,
  );
  await using slipway = await startSlipway(
    { SLIPWAY_EXECUTORS: "github_actions:steps" },
    copy.folder,
  );
  const token = /^export TOKEN=(\S+)$/m.exec(slipway.printed.join("\n"))?.[1];
  const operator = await makeOperator(copy, slipway.env);
  const ask = (path: string, init: RequestInit = {}, as = token) =>
    fetch(new URL(path, slipway.url), {
      ...init,
      headers: { authorization: `Bearer ${as}`, ...init.headers },
    });
  const repository = "/repos/octo/hello";
  const saved = await ask(
    `${repository}/contents/.github/workflows/greet.yml`,
    {
      method: "PUT",
      body: JSON.stringify({
        content: new TextEncoder().encode(workflow).toBase64(),
      }),
    },
    operator,
  );
  assertEquals(saved.status, 201, await saved.text());

  const dispatch = async (who: string) => {
    const path = `${repository}/actions/workflows/greet.yml/dispatches`;
    const response = await ask(path, {
      method: "POST",
      body: JSON.stringify({
        ref: "main",
        inputs: { who },
        return_run_details: true,
      }),
    });
    return detailsSchema.parse(await response.json());
  };
  const ended = async (url: string) => {
    let run = { status: "", conclusion: null as string | null };
    await eventually(
      async () => {
        run = runSchema.parse(await (await ask(url)).json());
        return run.status === "completed";
      },
      "the run does not end",
      60_000,
    );
    return run.conclusion;
  };
  const good = await dispatch("you");
  const bad = await dispatch("nobody");
  assertEquals(await ended(good.run_url), "success");
  assertEquals(await ended(bad.run_url), "failure");
  const log = await (await ask(`/v1/runs/${good.workflow_run_id}/log`)).text();
  assertStringIncludes(log, "\nHello you\n");
  const summary = `/v1/runs/${good.workflow_run_id}/artifacts/summary.md`;
  assertEquals(await (await ask(summary)).text(), "# Greeted\n");

  const page = async (path: string) => {
    const response = await ask(path, { headers: { accept: "text/html" } });
    return parsePage(await response.text());
  };
  const shown = (await page(bad.html_url)).querySelector("main")?.textContent;
  for (const text of ["octo/hello", "greet.yml", "Step", "Check", "nobody"]) {
    assertStringIncludes(shown ?? "", text);
  }
  const menu = (await page("/")).querySelector("nav")?.textContent ?? "";
  assertStringIncludes(menu, "Workflows");
  const listed = (await page("/workflows")).querySelector("main")?.textContent;
  assertStringIncludes(listed ?? "", "Greeting");

  const operation =
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
  const { paths } = documentSchema.parse(
    await (await ask("/openapi.json")).json(),
  );
  assert(paths[operation]?.post !== undefined);
  const reference = (await page("/docs")).querySelector("main")?.textContent;
  assertStringIncludes(reference ?? "", operation);
});

async function makeOperator(
  copy: Awaited<ReturnType<typeof copyRepository>>,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const group = ["--group", "operators"];
  const access = await copy.deno(
    ["task", "access", ...group, "--role", "admin"],
    env,
  );
  assertEquals(access.code, 0, access.stderr);
  const scope = ["--scope", "workflows:update"];
  const made = await copy.deno(["task", "token", ...group, ...scope], env);
  assertEquals(made.code, 0, made.stderr);
  return made.stdout.trim();
}
