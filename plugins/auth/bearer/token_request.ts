import * as z from "zod";
import { accountNameFault } from "../../../core/account.ts";
import { descriptionFault } from "../../../core/description.ts";
import { ApiError } from "../../../core/error.ts";
import { isPermission, type Permission } from "../../../core/permission.ts";
import { readText } from "../../../http/body.ts";
import {
  defaultGrace,
  graces,
  lifetimes,
  parseGraceMs,
  parseLifetime,
} from "./lifetime.ts";

const maxBodyBytes = 64 * 1024;

const lifetime = z.string().transform((text, context) => {
  const ms = parseLifetime(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `expected ${lifetimes}` });
  return z.NEVER;
});

const permission = z.string().refine(
  isPermission,
  "expected a permission: RESOURCE:VERB such as executions:create, where either may be *",
).transform((text): Permission[] => isPermission(text) ? [text] : []);

const checked = (fault: (text: string) => string | null) =>
  z.string("expected a text").superRefine((text, context) => {
    const message = fault(text);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

/** What a new token is to be, as a body or a form says it; `expires` becomes ms from now, null for never. */
export const makeSchema = z.strictObject({
  group: checked(accountNameFault),
  scope: z.array(permission).min(1).max(50).transform((list) => list.flat())
    .nullable().default(null),
  jobs: z.array(z.string()).default([]),
  backends: z.array(z.string()).default([]),
  expires: lifetime.default(null),
  description: checked(descriptionFault).default(""),
});

/** How a token is to be rotated; both become ms. `expires` undefined: it lives as long as the old one was to. */
export const rotateSchema = z.strictObject({
  grace: z.string().default(defaultGrace).transform((text, context) => {
    const ms = parseGraceMs(text);
    if (ms !== null) return ms;
    context.addIssue({ code: "custom", message: `expected ${graces}` });
    return z.NEVER;
  }),
  expires: lifetime.optional(),
});

/** `makeSchema` as it is read. */
export type Make = z.output<typeof makeSchema>;

/** `rotateSchema` as it is read. */
export type Rotate = z.output<typeof rotateSchema>;

/**
 * What a new token is to be, out of a request's body. `expires` is in ms from
 * now, null for never.
 *
 * @throws ApiError `invalid`, `too_large` or `unsupported_media_type`.
 */
export function readMake(request: Request) {
  return read("make a token", request, makeSchema);
}

/**
 * How a token is to be rotated: `grace` in ms; `expires` undefined for as long
 * as the old one. No body at all is the default of each.
 *
 * @throws ApiError as `readMake` does.
 */
export function readRotate(request: Request) {
  return read("rotate the token", request, rotateSchema);
}

async function read<Schema extends z.ZodType>(
  task: string,
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readText(request, maxBodyBytes);
  const parsed = schema.safeParse(toJson(task, request, text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    `${path.join(".") || "body"}: ${message}`
  );
  throw new ApiError("invalid", `Cannot ${task}: ${faults.join("; ")}`);
}

function toJson(task: string, { headers }: Request, text: string): unknown {
  if (text.trim() === "") return {};
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  // curl's own, unless told: a body that is JSON all the same is taken.
  const isTaken = type === undefined || type === "application/json" ||
    type === "application/x-www-form-urlencoded";
  if (!isTaken) {
    throw new ApiError(
      "unsupported_media_type",
      `Cannot ${task}: the body must be application/json`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("invalid", `Cannot ${task}: the body is not JSON`);
  }
}
