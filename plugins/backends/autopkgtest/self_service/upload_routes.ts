import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { createRouter } from "../../../../http/router.ts";
import { page, readPageUpload } from "../../../../ui/kit/mod.ts";
import { type BatchFault, readRequests } from "../batch.ts";
import { jsonFaultPlace } from "../json_place.ts";
import { isTooDeep } from "../json_text.ts";
import type { Options } from "../options.ts";
import { Refusal } from "../refusal.ts";
import type { RejectList } from "../reject_list.ts";
import type { TargetedTest } from "../submission.ts";
import type { Rules } from "../test_item.ts";
import { readTests } from "../test_request.ts";
import { ask, priorityOf } from "./ask.ts";
import { ofUser, requireOwn } from "./path.ts";
import { readTestForm, toParams } from "./test_form.ts";
import { answerTestForm } from "./test_form_page.tsx";
import type { UploadState } from "./upload_form.tsx";

const submitUpload = page("tests:create", {
  method: "post",
  path: "/user/{user}/test/upload",
  summary: "Asks for the tests of a JSON text or file",
  request: ofUser,
  responses: {
    303: { description: "To what the reader has asked for" },
    400: { description: "The form, with faults" },
  },
});

/** The form that takes tests as JSON (wire 2.1), by the reading and checks of `POST /api/v1/test/batch`. */
export function uploadRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(submitUpload, async (c) => {
    requireOwn(c);
    const fields = await readPageUpload(c, context.options.maxUploadBytes);
    return await takeUpload(context, openList, c, fields);
  });
  return router;
}

/** An upload that is in order, or what is wrong with it. */
type Read =
  | {
    readonly ok: true;
    readonly priority: number;
    readonly tests: readonly TargetedTest[];
  }
  | { readonly ok: false; readonly state: UploadState };

async function takeUpload(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
  c: Context<AppEnv>,
  fields: URLSearchParams,
): Promise<Response> {
  const { options } = context;
  const read = readUpload(fields, { options, caller: c.var.principal });
  if (read.ok) {
    const { priority, tests } = read;
    const rejectList = await openList();
    return await ask(context, c, { priority, tests, rejectList });
  }
  const form = readTestForm(new URLSearchParams());
  const archs = options.architectures;
  return answerTestForm(c, options, { form: { ...form, archs } }, read.state);
}

function readUpload(fields: URLSearchParams, rules: Rules): Read {
  const one = (name: string) => fields.get(name)?.trim() ?? "";
  const [file, typed, given] = [one("tests"), one("text"), one("priority")];
  const text = file || typed;
  const refuse = (fault: string, state: UploadState = {}): Read => ({
    ok: false,
    state: { text, priority: given, fault, ...state },
  });
  if (file !== "" && typed !== "" && file !== typed) {
    const both = "Nothing was asked for: send a file or text, not both";
    return refuse(both, { text: typed });
  }
  if (text === "") {
    return refuse("Choose a file, or write JSON into the field");
  }
  const broken = brokenPlace(text);
  if (broken !== null) {
    return refuse("Nothing was asked for yet: mend the JSON", {
      fieldFaults: { text: `${broken}: this is no JSON` },
    });
  }
  const list = readList(text);
  if (typeof list === "string") return refuse(list);
  const { tests, faults } = readRequests(list, rules);
  if (faults.length > 0) {
    return refuse(
      "Nothing was asked for yet: mend these places, which are counted from 0",
      { faults: faults.map(faultLine) },
    );
  }
  const priority = priorityOf(given);
  if (typeof priority === "string") {
    const fieldFaults = { priority };
    return refuse("Nothing was asked for yet", { fieldFaults });
  }
  return tests.length === 0
    ? refuse("Nothing was asked for: there is no test in it")
    : { ok: true, priority, tests };
}

function faultLine(fault: BatchFault): string {
  return fault.part === "test" && fault.package !== ""
    ? `${fault.text} (package ${fault.package})`
    : fault.text;
}

/** Where a text stops being JSON, as the beginning of a sentence. The API's words for it are debci's, which repeat the text. */
function brokenPlace(text: string): string | null {
  // That is told as what it is, wherever else the text is wrong.
  if (isTooDeep(text)) return null;
  const place = jsonFaultPlace(text);
  return place === null ? null : place.replace(/^l/, "L");
}

/** The list in a JSON text, or what is wrong with the text. */
function readList(text: string): unknown[] | string {
  try {
    return readTests(toParams({ tests: text }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `Nothing was asked for: ${cut(error.message)}`;
  }
}

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
