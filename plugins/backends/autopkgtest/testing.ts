import type { Host } from "../../../core/executor.ts";
import type { Task } from "./task.ts";

/** Source trees: those of examples/packages and some that only tests want. */
const trees = new URL("testdata/packages", import.meta.url).pathname;

/** This machine with the tests' source trees, and what else a test sets. */
export function hostWith(env: Record<string, string> = {}): Host {
  return {
    arch: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
    env: {
      ...Deno.env.toObject(),
      SLIPWAY_PACKAGE_TREES: trees,
      ...env,
    },
  };
}

/** The test of a package, as the server would ask for it. */
export function taskOf(name: string, fields: Partial<Task> = {}): Task {
  return {
    package: name,
    suite: "unstable",
    arch: hostWith().arch,
    pins: [],
    extraSources: [],
    timeoutSeconds: 300,
    testTimeoutSeconds: 100,
    ...fields,
  };
}
