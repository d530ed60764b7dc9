import type { AuditLine } from "../../core/audit.ts";
import { Name, Time } from "../kit/mod.ts";

/** A place in the audit by what it is looked for. */
export function auditPath(
  filter: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams(filter);
  return query.size === 0 ? "/admin/audit" : `/admin/audit?${query}`;
}

/** Lines of the audit, one a row. */
export function AuditTable({ lines, now, caption }: {
  lines: readonly AuditLine[];
  now: number;
  caption: string;
}) {
  if (lines.length === 0) return <p class="empty">Nothing yet.</p>;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={caption}>
      <table class="wide audit">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Action</th>
            <th scope="col">Target</th>
            <th scope="col">Outcome</th>
            <th scope="col">From</th>
            <th scope="col">Credential</th>
            <th scope="col">Request</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => <Row line={line} now={now} />)}
        </tbody>
      </table>
    </div>
  );
}

function Row({ line, now }: { line: AuditLine; now: number }) {
  const { at, principal, via, credential, action, target } = line;
  const { outcome, source, requestId } = line;
  return (
    <tr>
      <th scope="row">
        <Time at={at} now={now} />
      </th>
      <td>
        <Search field="principal" value={principal} />
      </td>
      <td>
        <Search field="action" value={action} />
      </td>
      <td>
        <Search field="target" value={target} />
      </td>
      <td class={outcome === "done" ? undefined : "failed"}>
        <Name text={outcome} />
      </td>
      <td>
        <Name text={source ?? "–"} />
      </td>
      <td>
        <Name text={[via, credential].filter(Boolean).join(" ") || "–"} />
      </td>
      <td>
        <Name text={requestId ?? "–"} />
      </td>
    </tr>
  );
}

/** What is shown leads to all lines like it. */
function Search(
  { field, value }: {
    field: "principal" | "action" | "target";
    value: string | null;
  },
) {
  if (value === null) return <>–</>;
  return (
    <a href={auditPath({ [field]: value })}>
      <Name text={value} />
    </a>
  );
}
