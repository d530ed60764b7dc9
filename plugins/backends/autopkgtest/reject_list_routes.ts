import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import { readText } from "../../../http/body.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { refused, tags } from "./operations.ts";
import type { Options } from "./options.ts";
import { requireRejectable } from "./reject_access.ts";
import { entryFault, entryText, type RejectEntry } from "./reject_entry.ts";
import type { RejectList } from "./reject_list.ts";
import { removeEntry, saveEntry } from "./reject_list_store.ts";
import { jsonReply } from "./reply.ts";

const maxEntryBytes = 64 * 1024;

const place = {
  package: z.string().meta({
    description: "A name, or a pattern with `*`, `?` and `[…]`",
  }),
  suite: z.string().default("*").meta({ description: "`*` is all" }),
  arch: z.string().default("*").meta({ description: "`*` is all" }),
  version: z.string().default("*").meta({
    description: "`*` is all; an entry for one version blocks no request",
  }),
};
const placeSchema = z.strictObject(place);
const entrySchema = z.strictObject({
  ...place,
  reason: z.string().default("").meta({ description: "Plain text" }),
});
const entryJson = { "application/json": { schema: entrySchema } };
const adminTags = ["Reject list"];

const showList = guarded("signed-in", {
  method: "get",
  path: "/api/v1/reject_list",
  summary: "The packages that are not tested, as debci shows them",
  tags,
  responses: {
    200: {
      description:
        "By package (or pattern), suite, architecture and version: the reason as HTML",
      content: {
        "application/json": { schema: z.record(z.string(), z.unknown()) },
      },
    },
    403: refused[403],
  },
});

const listEntries = guarded("reject_list:admin", {
  method: "get",
  path: "/v1/reject-list",
  summary: "The entries of the reject list",
  tags: adminTags,
  responses: {
    200: {
      description: "The entries in the order in which they came",
      content: {
        "application/json": {
          schema: z.object({ entries: z.array(entrySchema) }),
        },
      },
    },
  },
});

const addEntry = guarded("reject_list:admin", {
  method: "post",
  path: "/v1/reject-list",
  summary: "Reject packages from now on, or give another reason",
  tags: adminTags,
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: {
          type: "object",
          required: ["package"],
          properties: Object.fromEntries(
            Object.keys(entrySchema.shape).map((name) => [
              name,
              { type: "string" },
            ]),
          ),
        },
      },
    },
  },
  responses: {
    200: {
      description: "The entry was there; its reason is as sent",
      content: entryJson,
    },
    201: { description: "The new entry", content: entryJson },
  },
});

const deleteEntry = guarded("reject_list:admin", {
  method: "delete",
  path: "/v1/reject-list",
  summary: "Take an entry off the reject list",
  tags: adminTags,
  request: { query: placeSchema },
  responses: {
    204: { description: "It is there no longer" },
    404: { description: "There is no such entry" },
  },
});

/** debci's view of the reject list (wire 1.8), and the administrator's. */
export function rejectListRoutes(
  { database, now }: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  app.openapi(
    showList,
    async (c) => jsonReply(200, (await openList()).toJson(), c.var.principal),
  );

  app.openapi(
    listEntries,
    async (c) => c.json({ entries: [...(await openList()).entries] }, 200),
  );

  app.openapi(addEntry, async (c) => {
    const entry = readEntry(await readText(c.req.raw, maxEntryBytes));
    requireRejectable(c.var.principal, entry);
    const isNew = await saveEntry(database, entry, now());
    c.set("targets", [entryText(entry)]);
    return c.json(entry, isNew ? 201 : 200);
  });

  app.openapi(deleteEntry, async (c) => {
    const entry = c.req.valid("query");
    requireRejectable(c.var.principal, entry);
    if (!await removeEntry(database, entry)) {
      throw new ApiError(
        "not_found",
        `Cannot remove "${
          entryText(entry)
        }": the reject list has no such entry`,
      );
    }
    c.set("targets", [entryText(entry)]);
    return c.body(null, 204);
  });
  return app;
}

/** @throws ApiError `invalid` that says what to change. */
function readEntry(text: string): RejectEntry {
  const invalid = (why: string) =>
    new ApiError("invalid", `Cannot reject packages: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('the body is not JSON, such as {"package": "foo"}');
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) =>
      `${issue.path.join(".") || "body"}: ${issue.message}`
    );
    throw invalid(faults.join("; "));
  }
  const fault = entryFault(parsed.data);
  if (fault !== null) throw invalid(fault);
  return parsed.data;
}
