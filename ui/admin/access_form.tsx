import type { Context } from "hono";
import type { Account } from "../../core/account.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { Choice, Field, PostForm, type Typed } from "../kit/mod.ts";
import { noRole, roleChoices } from "./access_fields.ts";
import { accountPath } from "./account_path.ts";

/** What an account may do, to be changed. */
export function AccessForm({ c, account, typed, backends }: {
  c: Context<AppEnv>;
  account: Account;
  typed: Typed;
  /** Names of those that are loaded. */
  backends: readonly string[];
}) {
  return (
    <section aria-labelledby="access-title">
      <h2 id="access-title">What the account may do</h2>
      <PostForm c={c} action={`${accountPath(account)}/access`} class="form">
        <Choice
          name="role"
          label="Role"
          typed={typed}
          choices={roleChoices}
          help={`A usual set of permissions; ${noRole}: those below alone`}
        />
        <Field
          name="further"
          label="Further permissions"
          typed={typed}
          rows={3}
          help="One a line, such as runs:read_private, audit:read_all or reject_list:admin"
        />
        <Field
          name="backends"
          label="Only work of these backends"
          typed={typed}
          help={`Names out of ${
            backends.join(", ") || "none"
          }; empty for all. Holds for every credential of the account`}
        />
        <Field
          name="jobs"
          label="Only these jobs or packages"
          typed={typed}
          rows={3}
          help="One a line; * stands for any characters, ? for one. Empty for all"
        />
        <button type="submit">Save</button>
      </PostForm>
    </section>
  );
}
