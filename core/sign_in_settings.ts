import * as z from "zod";
import { everyonesRole, groupRoles } from "./group_roles.ts";

/**
 * What the environment says of single sign-on: one OpenID provider and one
 * cluster. More of them, and finer points, are options in `slipway.config.ts`.
 * @module
 */

const text = z.string().min(1).optional();

type Roles = z.output<typeof groupRoles>;

/** `{"GROUP": "ROLE" or ["PERMISSION", …]}`; the group `*` is everybody. */
const roles = z.string().transform((json, context): Roles => {
  const parsed = groupRoles.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  context.addIssue({
    code: "custom",
    message: where === ""
      ? 'expected JSON such as {"ci-admins": "admin", "developers": "trigger"}'
      : `${where}: ${issue?.message}`,
    input: undefined,
  });
  return z.NEVER;
}).optional();

/** The variables, for the schema of all settings. */
export const signInVariables = {
  SLIPWAY_OIDC_ISSUER: text,
  SLIPWAY_OIDC_NAME: text,
  SLIPWAY_OIDC_CLIENT_ID: text,
  SLIPWAY_OIDC_CLIENT_SECRET: text,
  SLIPWAY_OIDC_AUDIENCE: text,
  SLIPWAY_OIDC_SCOPES: text,
  SLIPWAY_OIDC_GROUPS_CLAIM: text,
  SLIPWAY_OIDC_ROLES: roles,
  SLIPWAY_CLUSTER_URL: text,
  SLIPWAY_CLUSTER_TOKEN: text,
  SLIPWAY_CLUSTER_ROLES: roles,
};

type Values = z.output<z.ZodObject<typeof signInVariables>>;

type Granted = {
  readonly roles: Roles;
  readonly everyone: z.output<typeof everyonesRole>;
};

/** An OpenID provider, as options of the plugin `oidc`. */
export type OidcSettings = Granted & {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly audience: string | undefined;
  readonly scopes: string[] | undefined;
  readonly groupsClaim: string | undefined;
};

/** A cluster, as options of the plugin `token_review`. */
export type ClusterSettings = Granted & {
  readonly apiServer: string;
  readonly token: string;
};

/** What the variables come to; undefined where none of a kind is set. */
export type SignInSettings = {
  readonly oidc: OidcSettings | undefined;
  readonly cluster: ClusterSettings | undefined;
};

/** Variables that are missing beside those that are set. */
export function missingSignInVariables(values: Values): string[] {
  const needed: readonly (readonly [keyof Values, keyof Values])[] = [
    ["SLIPWAY_OIDC_CLIENT_ID", "SLIPWAY_OIDC_ISSUER"],
    ["SLIPWAY_OIDC_AUDIENCE", "SLIPWAY_OIDC_ISSUER"],
    ["SLIPWAY_OIDC_ROLES", "SLIPWAY_OIDC_ISSUER"],
    ["SLIPWAY_OIDC_ISSUER", "SLIPWAY_OIDC_ROLES"],
    ["SLIPWAY_CLUSTER_TOKEN", "SLIPWAY_CLUSTER_URL"],
    ["SLIPWAY_CLUSTER_ROLES", "SLIPWAY_CLUSTER_URL"],
    ["SLIPWAY_CLUSTER_URL", "SLIPWAY_CLUSTER_TOKEN"],
    ["SLIPWAY_CLUSTER_URL", "SLIPWAY_CLUSTER_ROLES"],
  ];
  return needed.flatMap(([given, missing]) =>
    values[given] !== undefined && values[missing] === undefined
      ? [`${missing}: expected a value, since ${given} is set`]
      : []
  );
}

/** The plugins' options that the variables stand for. */
export function toSignInSettings(values: Values): SignInSettings {
  const {
    SLIPWAY_OIDC_ISSUER: issuer,
    SLIPWAY_CLUSTER_URL: apiServer,
    SLIPWAY_CLUSTER_TOKEN: token,
  } = values;
  return {
    oidc: issuer === undefined ? undefined : {
      name: values.SLIPWAY_OIDC_NAME ?? "sso",
      issuer,
      clientId: values.SLIPWAY_OIDC_CLIENT_ID,
      clientSecret: values.SLIPWAY_OIDC_CLIENT_SECRET,
      audience: values.SLIPWAY_OIDC_AUDIENCE,
      scopes: values.SLIPWAY_OIDC_SCOPES?.split(/\s+/),
      groupsClaim: values.SLIPWAY_OIDC_GROUPS_CLAIM,
      ...granted(values.SLIPWAY_OIDC_ROLES ?? {}),
    },
    cluster: apiServer === undefined || token === undefined ? undefined : {
      apiServer,
      token,
      ...granted(values.SLIPWAY_CLUSTER_ROLES ?? {}),
    },
  };
}

function granted({ "*": everyone, ...roles }: Roles): Granted {
  return { roles, everyone };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
