import type { Labels as LabelSet } from "../core/label.ts";
import type { Queue } from "../core/page_data.ts";
import { Labels } from "./kit/run_table.tsx";
import { Time } from "./kit/time.tsx";

/** What waits, by backend and architecture. */
export function Queues(
  { queues, now }: { queues: readonly Queue[]; now: number },
) {
  const groups = byArchitecture(queues);
  return (
    <section id="queues" data-live aria-labelledby="queues-title">
      <h2 id="queues-title">Queues</h2>
      {groups.length === 0 ? <p class="empty">Nothing waits.</p> : (
        <table>
          <caption>What waits for a runner, the longest queue first</caption>
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col">Length</th>
              <th scope="col">Oldest asked for</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ labels, length, oldestAt }) => (
              <tr>
                <th scope="row">
                  <Labels labels={labels} />
                </th>
                <td>{length}</td>
                <td>
                  <Time at={oldestAt} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/**
 * Queues of one backend and architecture together, the longest first. What
 * has no architecture stays apart by all of its labels, such as its cluster.
 */
export function byArchitecture(queues: readonly Queue[]): Queue[] {
  const groups = new Map<string, Queue>();
  for (const queue of queues) {
    const labels = groupOf(queue.labels);
    const key = JSON.stringify(labels);
    const { length = 0, oldestAt = queue.oldestAt } = groups.get(key) ?? {};
    groups.set(key, {
      labels,
      length: length + queue.length,
      oldestAt: Math.min(oldestAt, queue.oldestAt),
    });
  }
  return [...groups.values()].toSorted((one, other) =>
    other.length - one.length
  );
}

function groupOf(labels: LabelSet): LabelSet {
  const { backend = "", arch } = labels;
  return arch === undefined ? labels : { backend, arch };
}
