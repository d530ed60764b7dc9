import * as z from "zod";
import { everyonesRole, groupRoles } from "../../../core/group_roles.ts";
import { sourcePattern } from "../../../core/identity.ts";

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Options of the plugin. */
export const reviewOptions = z.strictObject({
  /** The cluster's API server, `https://api.example.org:6443`. */
  apiServer: z.url("expected a URL such as https://api.example.org:6443")
    .refine(
      (text) => {
        const { protocol, hostname, search, hash, username } = new URL(text);
        return (protocol === "https:" ||
          protocol === "http:" && loopback.test(hostname)) &&
          search === "" && hash === "" && username === "";
      },
      "expected a URL of https (http on this machine alone) without user name, query and fragment",
    )
    .transform((text) => text.replace(/\/+$/, "")),
  /** The server's own token, which may create TokenReviews; a function where it changes. */
  token: z.union([
    z.string().min(1),
    z.custom<() => Promise<string>>((value) => typeof value === "function"),
  ], { error: "expected a text or a function that returns one" }),
  /** What stands in front of account names, `cluster` in `cluster.alice`; it stands for this cluster for good. */
  name: z.string().regex(
    sourcePattern,
    "expected 1 to 20 characters of a-z, 0-9 and '-'",
  ).default("cluster"),
  /** Group → role or permissions. */
  roles: groupRoles.default({}),
  /** What everybody may do whom the cluster knows; nothing unless given. */
  everyone: everyonesRole,
  /** How long an answer counts; so long a revoked token goes on. */
  cacheSeconds: z.number().min(0).max(60).default(5),
  /** Reviews at a time; more are answered 503. */
  concurrent: z.int().min(1).default(32),
}).refine(
  ({ roles, everyone }) =>
    Object.keys(roles).length > 0 || everyone !== undefined,
  "nobody could do anything; say in roles what groups may, or in everyone what all may",
);

/** The options as the plugin has read them. */
export type ReviewOptions = z.output<typeof reviewOptions>;
