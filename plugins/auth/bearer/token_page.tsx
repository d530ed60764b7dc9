import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { describeLimits } from "../../../core/limit.ts";
import {
  Field,
  Name,
  OnceField,
  PostForm,
  type Typed,
} from "../../../ui/kit/mod.ts";
import { defaultGrace, graces, lifetimes } from "./lifetime.ts";
import type { Managed } from "./managed.ts";
import { isLive } from "./token_store.ts";
import { MaybeTime, scopeText, TokenState } from "./token_table.tsx";

type Props = Managed & {
  readonly c: Context<AppEnv>;
  /** Of the page of all. */
  readonly path: string;
  readonly formId: string;
  readonly typed: Typed;
  readonly now: number;
};

/** What is known of one token, and what may be done about it. */
export function TokenDetails(props: Props) {
  const { token, group, path, now } = props;
  return (
    <>
      <dl>
        <dt>Id</dt>
        <dd>{token.id}</dd>
        <dt>Group</dt>
        <dd>
          <a href={`${path}?${new URLSearchParams({ group: group.name })}`}>
            {group.name}
          </a>
          {group.disabledAt !== null && <small class="tag">disabled</small>}
        </dd>
        <dt>State</dt>
        <dd>
          <TokenState token={token} now={now} />
        </dd>
        <dt>May</dt>
        <dd>{scopeText(token)}</dd>
        <dt>Limited to</dt>
        <dd>
          <Name
            text={describeLimits(token.limits) || "nothing beside its group"}
          />
        </dd>
        <dt>Made</dt>
        <dd>
          <MaybeTime at={token.createdAt} now={now} /> by{" "}
          {token.createdBy ?? "the operator"}
        </dd>
        <dt>Last used</dt>
        <dd>
          <MaybeTime at={token.lastUsedAt} now={now} />
        </dd>
        <dt>Ends</dt>
        <dd>
          <MaybeTime at={token.expiresAt} now={now} />
        </dd>
        {token.revokedAt !== null && (
          <>
            <dt>Revoked</dt>
            <dd>
              <MaybeTime at={token.revokedAt} now={now} />
            </dd>
          </>
        )}
        {token.replacedBy !== null && (
          <>
            <dt>In its place</dt>
            <dd>
              <a href={`${path}/${encodeURIComponent(token.replacedBy)}`}>
                {token.replacedBy}
              </a>
            </dd>
          </>
        )}
      </dl>
      {isLive(token, now) && <Actions {...props} />}
    </>
  );
}

function Actions({ c, token, path, formId, typed }: Props) {
  const own = `${path}/${encodeURIComponent(token.id)}`;
  return (
    <>
      <h2>Rotate</h2>
      <p>
        A new token of the same group, with the same permissions and limits,
        takes its place; this one works until the grace is over.
      </p>
      <PostForm c={c} action={`${own}/rotate`} class="form">
        <OnceField id={formId} />
        <Field
          name="grace"
          label="This one works on for"
          hint={defaultGrace}
          help={`Either ${graces}. Empty: ${defaultGrace}.`}
          typed={typed}
        />
        <Field
          name="expires"
          label="The new one lives for"
          help={`Either ${lifetimes}. Empty: as long as this one was to live.`}
          typed={typed}
        />
        <button type="submit">Rotate</button>
      </PostForm>
      <h2>Revoke</h2>
      <p>Whatever uses it is refused from its next request on.</p>
      <PostForm c={c} action={`${own}/revoke`}>
        <button type="submit">Revoke for ever</button>
      </PostForm>
    </>
  );
}
