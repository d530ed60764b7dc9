import type { RunState } from "../../core/run.ts";

/** A sign beside each word, so that colour is never all there is. */
const signs: Readonly<Record<RunState, string>> = {
  scheduled: "◷",
  queued: "…",
  claimed: "▷",
  running: "▶",
  passed: "✓",
  failed: "✗",
  neutral: "–",
  errored: "!",
  aborted: "⊘",
};

/** The sign of a state, for where its word has no room; say the word too, to those who cannot see it. */
export function stateSign(state: RunState): string {
  return signs[state];
}

/** A run's state. */
export function State({ state }: { state: RunState }) {
  return (
    <span class={`state ${state}`}>
      <span aria-hidden="true">{signs[state]}</span> {state}
    </span>
  );
}
