import type { Host } from "../../../../core/executor.ts";
import { minSecretLength } from "./mask.ts";

/** What the operator says about Prow jobs on this runner; see docs/settings.md. */
export type PodSettings = {
  /** Folders below which local repositories may be cloned from. */
  readonly gitRoots: readonly string[];
  /** What must not show in logs. */
  readonly secrets: readonly string[];
  /** A root file system, or a folder of them by image name; for `bwrap`. */
  readonly rootfs: string | null;
  /** What isolated jobs are connected to: `none`, `host`, or another network of podman's. */
  readonly network: string;
};

/** Reads the settings out of the runner's environment. */
export function podSettings({ env }: Pick<Host, "env">): PodSettings {
  return {
    gitRoots: (env.SLIPWAY_GIT_ROOTS ?? "").split(":")
      .filter((folder) => folder.startsWith("/")),
    secrets: maskedNames(env).flatMap((name) => env[name] ?? []),
    rootfs: env.SLIPWAY_ROOTFS || null,
    network: env.SLIPWAY_NETWORK || "none",
  };
}

/** What is wrong with them, or null: a secret that cannot be masked must not be logged by mistake. */
export function settingsFault({ env }: Pick<Host, "env">): string | null {
  const roots = (env.SLIPWAY_GIT_ROOTS ?? "").split(":");
  const relative = roots.find((folder) => !/^($|\/)/.test(folder));
  if (relative !== undefined) {
    return `SLIPWAY_GIT_ROOTS names ${relative}, which is not an absolute path`;
  }
  const lost = maskedNames(env).find((name) =>
    (env[name] ?? "").trim().length < minSecretLength
  );
  if (lost !== undefined) {
    return `SLIPWAY_MASK names ${lost}, which is not set or shorter than ${minSecretLength} characters`;
  }
  return /^[a-z0-9][a-zA-Z0-9_.:=,-]*$/.test(env.SLIPWAY_NETWORK || "none")
    ? null
    : `SLIPWAY_NETWORK is ${env.SLIPWAY_NETWORK}; expected none, host or the name of a network`;
}

function maskedNames(env: Host["env"]): string[] {
  return (env.SLIPWAY_MASK ?? "").split(",").map((name) => name.trim())
    .filter((name) => name !== "");
}
