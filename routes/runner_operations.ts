import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import {
  assignmentSchema,
  claimSchema,
  leaseSchema,
  registerSchema,
  registrationSchema,
  renewalSchema,
  resultSchema,
} from "../core/protocol.ts";
import { permissionKey } from "../http/guard.ts";

const prefix = "/runner/v1";
const params = z.object({ id: z.string() });
const json = <S extends z.ZodType>(schema: S) => ({
  "application/json": { schema },
});
const refusals = {
  401: { description: "The token is missing or unknown" },
  409: {
    description: "The attempt is no longer the live one; nothing was changed",
  },
};
const leaseAnswer = { description: "The lease", content: json(leaseSchema) };
const tag = { tags: ["runner"], [permissionKey]: "runner" };

export const register = createRoute({
  ...tag,
  method: "post",
  path: `${prefix}/register`,
  summary: "Register a runner",
  request: { body: { required: true, content: json(registerSchema) } },
  responses: {
    200: { description: "Registered", content: json(registrationSchema) },
    401: refusals[401],
  },
});
export const renew = createRoute({
  ...tag,
  method: "post",
  path: `${prefix}/renew`,
  summary: "Take another runner token",
  description:
    "The one that was sent still holds for five minutes, in case the answer is lost.",
  responses: {
    200: { description: "The new token", content: json(renewalSchema) },
    401: refusals[401],
  },
});
export const claim = createRoute({
  ...tag,
  method: "post",
  path: `${prefix}/claim`,
  summary: "Claim a run, waiting for one",
  request: { body: { required: true, content: json(claimSchema) } },
  responses: {
    200: { description: "A run to carry out", content: json(assignmentSchema) },
    204: { description: "Nothing to do: ask again" },
    401: refusals[401],
  },
});
export const start = createRoute({
  ...tag,
  method: "post",
  path: `${prefix}/runs/{id}/start`,
  summary: "Take a claimed run up",
  request: { params },
  responses: { 200: leaseAnswer, ...refusals },
});
export const heartbeat = createRoute({
  ...tag,
  method: "post",
  path: `${prefix}/runs/{id}/heartbeat`,
  summary: "Prolong the lease",
  request: { params },
  responses: { 200: leaseAnswer, ...refusals },
});
export const appendLog = createRoute({
  ...tag,
  method: "patch",
  path: `${prefix}/runs/{id}/log`,
  summary: "Append to the log",
  description:
    "`Content-Range: bytes FIRST-LAST/*` says where the bytes belong.",
  request: { params },
  responses: {
    202: leaseAnswer,
    416: {
      description:
        "Not the log's present end: go on after the last byte that `Range` names",
    },
    ...refusals,
  },
});
export const result = createRoute({
  ...tag,
  method: "put",
  path: `${prefix}/runs/{id}/result`,
  summary: "Report how the attempt ended",
  request: { params, body: { required: true, content: json(resultSchema) } },
  responses: {
    200: {
      description:
        "Recorded, whether it ends the run or leads to another attempt later; saying it again changes nothing",
    },
    412: { description: "The log is not whole yet" },
    ...refusals,
  },
});
export const keepArtifact = createRoute({
  ...tag,
  method: "put",
  path: `${prefix}/runs/{id}/artifacts`,
  summary: "Hand a file in",
  description:
    "`Content-Digest: sha-256=:BASE64:` (RFC 9530), when given, must be that of the body.",
  request: { params, query: z.object({ path: z.string() }) },
  responses: {
    200: { description: "Kept; the same file again changes nothing" },
    413: { description: "The file is too large, or one too many" },
    ...refusals,
  },
});
export const release = createRoute({
  ...tag,
  method: "post",
  path: `${prefix}/runs/{id}/release`,
  summary: "Give a run back undone",
  request: { params },
  responses: { 200: { description: "The run is queued again" }, ...refusals },
});
