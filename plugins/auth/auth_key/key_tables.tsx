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
    <div class="scroll" tabindex={0} role="region" aria-label="Keys that work">
      <table>
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
              <td>
                <Time at={key.createdAt} now={now} />
              </td>
              <td>
                <LastUse of={key} now={now} />
              </td>
              {mayRevoke && (
                <td>
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
    </div>
  );
}

function Revoked({ keys, now }: Pick<Props, "keys" | "now">) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Revoked keys">
      <table>
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
              <td>
                <Time at={key.createdAt} now={now} />
              </td>
              <td>
                <LastUse of={key} now={now} />
              </td>
              <td>
                <Time at={key.revokedAt ?? 0} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
