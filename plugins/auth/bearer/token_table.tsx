import { describeLimits } from "../../../core/limit.ts";
import { Name, Time } from "../../../ui/kit/mod.ts";
import { isForgotten, type KeptToken, stateOf } from "./token_store.ts";

/** Tokens, one a row. */
export function TokenTable(
  { tokens, names, path, now }: {
    tokens: readonly KeptToken[];
    /** Of groups, by account id. */
    names: ReadonlyMap<number, string>;
    /** Of the page. */
    path: string;
    now: number;
  },
) {
  return (
    <table class="cards">
      <caption>
        The newest first; a token's own page rotates and revokes it
      </caption>
      <thead>
        <tr>
          <th scope="col">Token</th>
          <th scope="col">Group</th>
          <th scope="col">State</th>
          <th scope="col">May</th>
          <th scope="col">Limited to</th>
          <th scope="col">Last used</th>
          <th scope="col">Ends</th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr>
            <th scope="row">
              <a href={`${path}/${encodeURIComponent(token.id)}`}>
                <Name text={token.description || token.id} />
              </a>
            </th>
            <td data-label="Group">
              <Name text={names.get(token.account) ?? ""} />
            </td>
            <td data-label="State">
              <TokenState token={token} now={now} />
            </td>
            <td data-label="May">{scopeText(token)}</td>
            <td data-label="Limited to">
              <Name text={describeLimits(token.limits) || "–"} />
            </td>
            <td data-label="Last used">
              <MaybeTime at={token.lastUsedAt} now={now} />
            </td>
            <td data-label="Ends">
              <MaybeTime at={token.expiresAt} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a token's row says of it, in words. */
export function TokenState({ token, now }: { token: KeptToken; now: number }) {
  return (
    <>
      {stateOf(token, now)}{" "}
      {token.replacedBy !== null && <small class="tag">rotated</small>}{" "}
      {isForgotten(token, now) && (
        <small class="tag">not used for 90 days</small>
      )}
    </>
  );
}

/** What a token may do, as people read it. */
export function scopeText({ scope }: Pick<KeptToken, "scope">): string {
  return scope === null
    ? "all that its group may"
    : scope.join(", ") || "nothing";
}

/** A moment, or that there is none. */
export function MaybeTime({ at, now }: { at: number | null; now: number }) {
  return at === null ? "never" : <Time at={at} now={now} />;
}
