import type { Account } from "../../../core/account.ts";
import { describeLimits } from "../../../core/limit.ts";
import { Name } from "../../../ui/kit/mod.ts";

/** Groups that somebody owns, one a row. */
export function GroupTable(
  { groups, path }: {
    groups: readonly {
      readonly group: Account;
      /** Their names. */
      readonly owners: readonly string[];
    }[];
    /** Of the page of tokens. */
    path: string;
  },
) {
  return (
    <>
      <h2>My groups</h2>
      {groups.length === 0
        ? (
          <p class="empty">
            You own no group. An operator names its owners:{" "}
            <code>deno task token owners --group NAME --add YOU</code>
          </p>
        )
        : (
          <table class="cards">
            <caption>A token may never do more than its group</caption>
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col">May</th>
                <th scope="col">Limited to</th>
                <th scope="col">Owners</th>
              </tr>
            </thead>
            <tbody>
              {groups.map(({ group, owners }) => (
                <tr>
                  <th scope="row">
                    <a
                      href={`${path}?${new URLSearchParams({
                        group: group.name,
                      })}`}
                    >
                      {group.name}
                    </a>
                    {group.disabledAt !== null && (
                      <small class="tag">disabled</small>
                    )}
                  </th>
                  <td data-label="May">
                    {group.permissions.join(", ") || "nothing"}
                  </td>
                  <td data-label="Limited to">
                    <Name text={describeLimits(group.limits) || "–"} />
                  </td>
                  <td data-label="Owners">{owners.join(", ") || "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </>
  );
}
