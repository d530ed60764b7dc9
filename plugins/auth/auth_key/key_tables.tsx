import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { Name, PostForm, Time } from "../../../ui/kit/mod.ts";
import type { KeptKey } from "./key.ts";

type Props = {
  readonly c: Context<AppEnv>;
  readonly keys: readonly KeptKey[];
  readonly mayRevoke: boolean;
  readonly now: number;
};

/** Keys that work, and those that did. */
export function KeyTables({ c, keys, mayRevoke, now }: Props) {
  const live = keys.filter(({ revokedAt }) => revokedAt === null);
  const revoked = keys.filter(({ revokedAt }) => revokedAt !== null);
  return (
    <>
      <h2>Keys that work</h2>
      {live.length === 0
        ? <p class="empty">None yet. Make one with the form above.</p>
        : <Live c={c} keys={live} mayRevoke={mayRevoke} now={now} />}
      {revoked.length > 0 && (
        <details>
          <summary>{`Revoked (${revoked.length})`}</summary>
          <Revoked keys={revoked} now={now} />
        </details>
      )}
    </>
  );
}

function Live({ c, keys, mayRevoke, now }: Props) {
  return (
    <table class="cards">
      <caption>The newest first</caption>
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          {mayRevoke && <th scope="col">Action</th>}
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr>
            <Description of={key} />
            <td data-label="Made">
              <Time at={key.createdAt} now={now} />
            </td>
            <td data-label="Last used">
              <LastUse of={key} now={now} />
            </td>
            {mayRevoke && (
              <td data-label="Action">
                <details class="confirm">
                  <summary>Revoke…</summary>
                  <PostForm c={c} action={`/account/keys/${key.id}/revoke`}>
                    <button type="submit">Revoke for ever</button>
                  </PostForm>
                </details>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Revoked({ keys, now }: Pick<Props, "keys" | "now">) {
  return (
    <table class="cards">
      <caption>The newest first, at most 50</caption>
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">Revoked</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr>
            <Description of={key} />
            <td data-label="Made">
              <Time at={key.createdAt} now={now} />
            </td>
            <td data-label="Last used">
              <LastUse of={key} now={now} />
            </td>
            <td data-label="Revoked">
              <Time at={key.revokedAt ?? 0} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Description({ of: { id, description } }: { of: KeptKey }) {
  return (
    <th scope="row">
      {description === "" ? "(nothing said)" : <Name text={description} />}
      <div>
        <small>{id}</small>
      </div>
    </th>
  );
}

function LastUse({ of: { lastUsedAt }, now }: { of: KeptKey; now: number }) {
  return lastUsedAt === null ? "never" : <Time at={lastUsedAt} now={now} />;
}
