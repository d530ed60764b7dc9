import * as z from "zod";
import { defineAuth } from "../core/auth.ts";
import { roles } from "../core/permission.ts";

/**
 * A caller who is known without a question: with the header `Known`, a request
 * is that of group number 1. What is left of its cost is the request itself.
 */
export const knownCaller = defineAuth({
  name: "known",
  scheme: { type: "apiKey", in: "header", name: "Known" },
  challenge: 'Known realm="slipway"',
  options: z.object({}),
  migrations: [],
  authenticate: () => {
    const principal = {
      kind: "group",
      account: 1,
      name: "bots",
      permissions: roles.trigger,
      limits: [],
      via: "known",
      credential: "known",
    } as const;
    return (request) =>
      Promise.resolve(request.headers.has("known") ? principal : null);
  },
});
