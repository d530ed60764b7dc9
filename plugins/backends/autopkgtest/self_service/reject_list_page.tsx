import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { ApiError } from "../../../../core/error.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  page,
  readPageForm,
  seeOther,
  type Typed,
  typedValues,
} from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { requireRejectable } from "../reject_access.ts";
import { entryFaults, entryText, type RejectEntry } from "../reject_entry.ts";
import type { RejectList } from "../reject_list.ts";
import { removeEntry, saveEntry } from "../reject_list_store.ts";
import { rejectListPath } from "./path.ts";
import { answerRejectList, entryKey } from "./reject_list_view.tsx";

const access = "reject_list:admin";
const answers = {
  200: { description: "A page" },
  303: { description: "Back to the list" },
};

const showList = page(access, {
  method: "get",
  path: rejectListPath,
  summary: "The reject list, with what adds to it and takes off it",
  responses: answers,
});

const addEntry = page(access, {
  method: "post",
  path: rejectListPath,
  summary: "Rejects packages from now on, or gives another reason",
  responses: answers,
});

const deleteEntry = page(access, {
  method: "post",
  path: `${rejectListPath}/remove`,
  summary: "Takes an entry off the reject list",
  responses: answers,
});

/** `/admin/reject-list`: as `/v1/reject-list`, for people. */
export function rejectListPage(
  { database, options, now }: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const show = async (c: Context<AppEnv>, typed?: Typed) => {
    const { entries } = await openList();
    return answerRejectList(c, entries, options, typed);
  };
  router.openapi(showList, (c) => show(c));
  router.openapi(addEntry, async (c) => {
    const values = typedValues(await readPageForm(c));
    const entry = toEntry(values);
    const faults = entryFaults(entry);
    if (Object.keys(faults).length > 0) {
      return await show(c, { values, faults });
    }
    requireRejectable(c.var.principal, entry);
    const isNew = await saveEntry(database, entry, now());
    c.set("targets", [entryText(entry)]);
    return back({ [isNew ? "added" : "changed"]: entryText(entry) });
  });
  router.openapi(deleteEntry, async (c) => {
    const key = (await readPageForm(c)).get("entry") ?? "";
    const entry = (await openList()).entries.find((each) =>
      entryKey(each) === key
    );
    if (entry !== undefined) requireRejectable(c.var.principal, entry);
    if (entry === undefined || !await removeEntry(database, entry)) {
      throw new ApiError(
        "not_found",
        `Cannot remove "${key}": the reject list has no such entry`,
      );
    }
    c.set("targets", [entryText(entry)]);
    return back({ removed: entryText(entry) });
  });
  return router;
}

function back(done: Record<string, string>): Response {
  return seeOther(`${rejectListPath}?${new URLSearchParams(done)}`);
}

/** What is left open is all. */
function toEntry(values: Readonly<Record<string, string>>): RejectEntry {
  const { package: name = "", suite, arch, version, reason = "" } = values;
  return {
    package: name,
    suite: suite || "*",
    arch: arch || "*",
    version: version || "*",
    reason: reason.replaceAll("\r\n", "\n"),
  };
}
