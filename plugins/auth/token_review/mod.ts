/**
 * Opaque tokens of an OpenShift or Kubernetes cluster (`oc whoami --show-token`),
 * which the cluster itself reviews.
 * @module
 */
import type { Account } from "../../../core/account.ts";
import { type AuthContext, defineAuth } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { principalId } from "../../../core/principal.ts";
import { sql } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import { permissionsOf } from "../../../core/group_roles.ts";
import { sha256Hex } from "../../../core/id.ts";
import { toHolding } from "../../../core/holding.ts";
import { ensureIdentity, identityNames } from "../../../core/identity.ts";
import tokenReview0001 from "./migrations/0001_token_review_identity.sql" with {
  type: "text",
};
import { type ReviewOptions, reviewOptions } from "./options.ts";
import { type ClusterUser, createReview } from "./review.ts";

export default defineAuth({
  name: "token_review",
  scheme: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "sha256~…",
    description:
      "A token of the cluster, as `oc whoami --show-token` prints it",
  },
  challenge: 'Bearer realm="slipway-cluster"',
  options: reviewOptions,
  migrations: [{
    name: "0001_token_review_identity",
    sql: tokenReview0001,
  }],
  authenticate(context) {
    const { options } = context;
    const review = createReview(options, context);
    return async function authenticateTokenReview(request) {
      const token = readToken(request.headers.get("authorization"));
      if (token === null) return null;
      const user = await review(token);
      if (user === null) {
        throw badCredential(
          "the cluster does not know this token, or it has expired; log in again (oc login)",
        );
      }
      const { roles, everyone } = options;
      const permissions = permissionsOf(user.groups, roles, everyone);
      if (permissions.length === 0) throw noGroups();
      const { account, id } = await findAccount(context, user);
      if (account.disabledAt !== null) {
        throw badCredential("this user is disabled", {
          known: { principal: principalId(account), credential: id },
        });
      }
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions,
        limits: account.limits,
        via: "token_review",
        credential: id,
      };
    };
  },
  async holding(account, { database }) {
    const [row] = await database.query(sql`
      select count(*) as count from token_review_identity
      where account = ${account}`);
    return toHolding("identity of a cluster", row);
  },
});

/**
 * The opaque token of an `Authorization` header; null for all else. OpenShift
 * writes 32 random bytes in base64url; what only looks like it is not sent on.
 *
 * @throws ApiError `unauthenticated` for such a token that is not whole.
 */
function readToken(header: string | null): string | null {
  const token = /^bearer +(sha256~\S*)$/i.exec(header ?? "")?.[1];
  if (token === undefined) return null;
  if (/^sha256~[\w-]{43}$/.test(token)) return token;
  throw badCredential(
    "the token is not whole: after sha256~ there are 43 characters; copy it again",
  );
}

/** The account of the cluster's user, made when they are first seen. A name that was deleted and made anew there is another user. */
async function findAccount(
  { accounts, database, now, options }: AuthContext<ReviewOptions>,
  { username, uid }: ClusterUser,
): Promise<{ account: Account; id: string }> {
  const cluster = options.name;
  const id = await sha256Hex(JSON.stringify([cluster, username, uid]));
  const account = await ensureIdentity({
    accounts,
    names: identityNames(cluster, username, id),
    // Each token speaks for itself; the account alone may do nothing.
    permissions: [],
    findTied: async () => {
      const [row] = await database.query(sql`
        select account from token_review_identity
        where cluster = ${cluster} and username = ${username} and uid = ${uid}`);
      return row ? Number(row.account) : null;
    },
    tie: (account) =>
      sql`
      insert into token_review_identity
        (cluster, username, uid, account, created_at)
      values (${cluster}, ${username}, ${uid}, ${account}, ${now()})`,
  });
  return { account, id: id.slice(0, 32) };
}

function noGroups(): ApiError {
  return new ApiError(
    "forbidden",
    "Cannot sign in: only members of some of the cluster's groups may use this Slipway, and you are in none of them; ask its operator",
  );
}
