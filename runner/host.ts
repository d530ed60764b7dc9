import type { Host } from "../core/executor.ts";

/** Debian's names of the architectures that Deno runs on. */
const debianArch = {
  x86_64: "amd64",
  aarch64: "arm64",
} as const satisfies Record<typeof Deno.build.arch, string>;

/** The runner's own credentials are no business of the work. */
const credentials: readonly string[] = [
  "SLIPWAY_RUNNER_TOKEN",
  "SLIPWAY_SIGNING_KEY",
  "DATABASE_AUTH_TOKEN",
];

/** This machine, as executors see it. */
export function thisHost(env: Readonly<Record<string, string>>): Host {
  return {
    arch: debianArch[Deno.build.arch],
    env: Object.fromEntries(
      Object.entries(env).filter(([name]) => !credentials.includes(name)),
    ),
  };
}
