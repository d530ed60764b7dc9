import type { Run } from "./run.ts";

/** Something that happened to a run. The id says how far a follower has come, so that it can go on from there. */
export type RunEvent =
  | { readonly kind: "state"; readonly id: string; readonly run: Run }
  | { readonly kind: "log"; readonly id: string; readonly text: string };
