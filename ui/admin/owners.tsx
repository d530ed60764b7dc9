import type { Context } from "hono";
import type { Account } from "../../core/account.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { Field, Name, PostForm, type Typed } from "../kit/mod.ts";
import { accountPath } from "./account_path.ts";

/** Who manages a group's tokens, with forms to add and remove them. */
export function Owners({ c, group, owners, typed }: {
  c: Context<AppEnv>;
  group: Account;
  owners: readonly Account[];
  typed?: Typed | undefined;
}) {
  const action = `${accountPath(group)}/owners`;
  return (
    <section aria-labelledby="owners-title">
      <h2 id="owners-title">Owners</h2>
      {owners.length === 0
        ? (
          <p class="empty">
            Nobody owns this group. Its owners make, rotate and revoke its
            tokens; until there is one, administrators do.
          </p>
        )
        : (
          <ul class="owners">
            {owners.map((owner) => (
              <Owner c={c} owner={owner} action={`${action}/remove`} />
            ))}
          </ul>
        )}
      <PostForm c={c} action={action} class="filter">
        <Field
          name="owner"
          label="User"
          {...typed !== undefined && { typed }}
          required
        />
        <button type="submit">Add an owner</button>
      </PostForm>
    </section>
  );
}

function Owner({ c, owner, action }: {
  c: Context<AppEnv>;
  owner: Account;
  action: string;
}) {
  return (
    <li>
      <a href={accountPath(owner)}>
        <Name text={owner.name} />
      </a>
      {owner.disabledAt !== null && <small class="tag">disabled</small>}
      <PostForm c={c} action={action}>
        <input type="hidden" name="owner" value={owner.name} />
        <button type="submit">
          Remove <Name text={owner.name} />
        </button>
      </PostForm>
    </li>
  );
}

/** The groups that a user owns; null for none. */
export function ownedGroups(groups: readonly Account[]) {
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="groups-title">
      <h2 id="groups-title">Groups that they own</h2>
      <ul>
        {groups.map((group) => (
          <li>
            <a href={accountPath(group)}>
              <Name text={group.name} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
