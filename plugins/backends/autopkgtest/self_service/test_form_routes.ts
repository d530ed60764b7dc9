import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  page,
  pageHeaders,
  readPageForm,
  seeOther,
} from "../../../../ui/kit/mod.ts";
import { readRequests } from "../batch.ts";
import type { Options } from "../options.ts";
import type { RejectList } from "../reject_list.ts";
import { htmlSafe } from "../reply.ts";
import type { TargetedTest } from "../submission.ts";
import { ask, priorityOf } from "./ask.ts";
import { elsewhere, ofUser, requireOwn } from "./path.ts";
import {
  type FormFaults,
  readTestForm,
  type TestForm,
  toBatchJson,
  toFormFaults,
} from "./test_form.ts";
import { answerTestForm } from "./test_form_page.tsx";

const responses = {
  200: { description: "A page" },
  303: { description: "To the reader's own page" },
};

const showForm = page("tests:create", {
  method: "get",
  path: "/user/{user}/test",
  summary: "A form that asks for package tests; the query fills it in",
  request: ofUser,
  responses,
});

const submitForm = page("tests:create", {
  method: "post",
  path: "/user/{user}/test/submit",
  summary: "Asks for the tests of a form, or exports it as JSON",
  request: ofUser,
  responses: { ...responses, 400: { description: "The form, with faults" } },
});

/** The form that asks for the test of a package (wire 2.1), by the reading and checks of `POST /api/v1/test/batch`. */
export function testFormRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const { options } = context;
  router.openapi(showForm, (c) => {
    const own = elsewhere(c, "/test");
    if (own !== null) return seeOther(own);
    const query = new URL(c.req.url).searchParams;
    const form = readTestForm(query);
    const { architectures } = options;
    const isTicked = form.archs.length > 0;
    return answerTestForm(c, options, {
      form: isTicked ? form : { ...form, archs: architectures },
    });
  });
  router.openapi(submitForm, async (c) => {
    requireOwn(c);
    const fields = await readPageForm(c, options.maxUploadBytes);
    return await takeForm(context, openList, c, fields);
  });
  return router;
}

async function takeForm(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
  c: Context<AppEnv>,
  fields: URLSearchParams,
): Promise<Response> {
  const { options } = context;
  const form = readTestForm(fields);
  const json = toBatchJson(form);
  const batch = readRequests(json, { options, caller: c.var.principal });
  const priority = priorityOf(form.priority);
  const rejectList = await openList();
  const faults: FormFaults = {
    ...typeof priority === "string" && { priority },
    ...rejectFault(batch.tests, rejectList),
    ...toFormFaults(batch.faults, form, options),
  };
  if (typeof priority === "string" || Object.keys(faults).length > 0) {
    return answerTestForm(c, options, { form, faults });
  }
  if (fields.has("export")) return answerExport(form, json);
  return await ask(context, c, { priority, tests: batch.tests, rejectList });
}

/** A single package that is not tested is refused, as `POST /api/v1/test/{suite}/{arch}/{package}` does. */
function rejectFault(
  tests: readonly TargetedTest[],
  rejectList: RejectList,
): FormFaults {
  const rejected = tests.filter(({ target, test }) =>
    rejectList.isRejected({ ...target, package: test.package })
  );
  if (rejected.length === 0) return {};
  const archs = rejected.map(({ target }) => target.arch).join(", ");
  return {
    package: `It is on the reject list on ${archs}, so it is not tested there`,
  };
}

function answerExport(form: TestForm, json: unknown): Response {
  return new Response(`${htmlSafe(JSON.stringify(json, null, 2))}\n`, {
    headers: {
      ...pageHeaders,
      "content-type": "application/json",
      "content-disposition": `attachment; filename="${form.package}.json"`,
    },
  });
}
