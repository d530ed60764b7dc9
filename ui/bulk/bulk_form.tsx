import { allows } from "../../core/permission.ts";
import type { Principal } from "../../core/principal.ts";
import type { ReadFilter } from "../run_filter.ts";
import type { BulkAction } from "./plan.ts";

/** Id of the form that the boxes of the list belong to. */
export const bulkFormId = "bulk";

/** What an action takes. */
export const bulkPermissions = {
  cancel: "runs:cancel",
  retry: "runs:create",
} as const satisfies Record<BulkAction, string>;

/** The actions that somebody may do to many runs. */
export function bulkActionsOf(reader: Principal | null): BulkAction[] {
  const all = ["cancel", "retry"] as const;
  return all.filter((action) =>
    reader !== null && allows(reader.permissions, bulkPermissions[action])
  );
}

/** Leads from the list to what an action would touch: those that are ticked, else all of the filter. */
export function BulkForm(
  { read, actions }: { read: ReadFilter; actions: readonly BulkAction[] },
) {
  if (actions.length === 0) return null;
  return (
    <form id={bulkFormId} class="actions" action="/runs/bulk" method="get">
      {Object.entries(read.typed).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {actions.map((action) => (
        <button type="submit" name="action" value={action}>
          {action === "cancel" ? "Cancel…" : "Retry…"}
        </button>
      ))}
      <small>
        The ticked runs, or all of the filter when none is ticked. You see which
        they are before anything is done.
      </small>
    </form>
  );
}
