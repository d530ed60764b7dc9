import type { Labels } from "./label.ts";

/** How a run stands in its queue. */
export type Waiting = {
  /** The labels that no live runner offers. */
  readonly missing: Labels;
  /** `null` when it has just been claimed. */
  readonly position: number | null;
  readonly seconds: number;
};

/** Why a run that lacks a runner waits, for people. */
export function stuckMessage(
  missing: Labels,
  lastMessage: string | null,
): string {
  const wanted = Object.entries(missing).map(([name, value]) =>
    `${name}=${value}`
  );
  const waiting = `Waiting for a runner that offers ${
    wanted.join(", ")
  }: none that is connected does`;
  return lastMessage === null
    ? waiting
    : `${waiting}; the last attempt: ${lastMessage}`;
}

/** What a run's page says of its wait. */
export function waitingMessage(
  { missing, position }: Waiting,
  lastMessage: string | null,
): string | null {
  if (Object.keys(missing).length > 0) {
    return stuckMessage(missing, lastMessage);
  }
  if (position === null) return lastMessage;
  const place = `Number ${position} in its queue`;
  return lastMessage === null
    ? place
    : `${place}; the last attempt: ${lastMessage}`;
}
