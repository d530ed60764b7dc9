import * as z from "zod";
import { everyonesRole, groupRoles } from "../../../core/group_roles.ts";
import { sourcePattern } from "../../../core/identity.ts";

/** Algorithms whose key an issuer can publish. None is symmetric: a published key must not make signatures. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "Ed25519",
  "EdDSA",
] as const;

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

const issuerUrl = z.url("expected a URL such as https://login.example.org")
  .refine(
    (text) => {
      const { protocol, hostname, search, hash, username } = new URL(text);
      const isSafe = protocol === "https:" ||
        protocol === "http:" && loopback.test(hostname);
      return isSafe && search === "" && hash === "" && username === "";
    },
    "expected a URL of https (http on this machine alone) without user name, query and fragment",
  );

const issuer = z.strictObject({
  /** What stands in front of its people's account names, `corp` in `corp.alice`; never changes. */
  name: z.string().regex(
    sourcePattern,
    "expected 1 to 20 characters of a-z, 0-9 and '-'",
  ),
  /** Exactly as the issuer writes it: `iss` of its tokens. */
  issuer: issuerUrl,
  /** What a person reads on the page where one signs in; the name unless given. */
  label: z.string().min(1).max(60).optional(),
  /** `aud` of bearer tokens for Slipway; without it none is accepted. */
  audience: z.string().min(1).optional(),
  /** Slipway as the issuer knows it; without it nobody signs in by browser. */
  clientId: z.string().min(1).optional(),
  /** Without it Slipway is a public client: PKCE alone. */
  clientSecret: z.string().min(1).optional(),
  clientAuthentication: z.enum(["client_secret_basic", "client_secret_post"])
    .default("client_secret_basic"),
  /** Takes ID tokens for bearer tokens, for issuers whose access tokens are opaque; `audience` is then the client id. */
  acceptIdTokens: z.boolean().default(false),
  algorithms: z.array(z.enum(algorithms)).min(1).default([...algorithms]),
  /** Asked for when somebody signs in by browser. */
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).default([
    "openid",
    "profile",
  ]),
  /** Claim that an account is named after; `sub` when it is missing. */
  nameClaim: z.string().min(1).default("preferred_username"),
  /** Claim that lists groups; dots lead into objects, `realm_access.roles`. */
  groupsClaim: z.string().min(1).default("groups"),
  /** Group → role or permissions. */
  roles: groupRoles.default({}),
  /** What everybody may do whom the issuer knows; nothing unless given. */
  everyone: everyonesRole,
  /** How far its clock may be off. */
  clockToleranceSeconds: z.int().min(0).max(300).default(30),
  /** Between two requests for its keys because of a key that is not known, or after a failure. */
  cooldownSeconds: z.number().min(0).max(3600).default(30),
});

/** A configured issuer. */
export type Issuer = z.output<typeof issuer>;

/** Options of the plugin. */
export const oidcOptions = z.strictObject({
  issuers: z.array(issuer).default([]),
}).superRefine(({ issuers }, context) => {
  issuers.forEach((each, index) => {
    for (const fault of issuerFaults(each, issuers.slice(0, index))) {
      const path = ["issuers", index];
      context.addIssue({ code: "custom", path, message: fault, input: each });
    }
  });
});

function issuerFaults(one: Issuer, others: readonly Issuer[]): string[] {
  const rules: readonly (readonly [boolean, string])[] = [
    [
      one.audience === undefined && one.clientId === undefined,
      "expected an audience (for tokens), a clientId (for browsers) or both",
    ],
    [
      one.audience !== undefined && one.audience === one.clientId &&
      !one.acceptIdTokens,
      "the audience is the clientId, which is what ID tokens are for; give the API an audience of its own at the issuer, or set acceptIdTokens",
    ],
    [
      Object.keys(one.roles).length === 0 && one.everyone === undefined,
      "nobody could do anything; say in roles what groups may, or in everyone what all may",
    ],
    [
      others.some(({ name }) => name === one.name),
      `there are two issuers named ${one.name}`,
    ],
    [
      others.some(({ issuer }) => issuer === one.issuer),
      `the issuer ${one.issuer} is there twice`,
    ],
  ];
  return rules.flatMap(([isFault, fault]) => isFault ? [fault] : []);
}
