import type { Executor } from "./core/executor.ts";
import {
  lxcTestbed,
  nullTestbed,
  podmanTestbed,
  qemuTestbed,
  unshareTestbed,
} from "./plugins/backends/autopkgtest/executor.ts";
import { dummy } from "./plugins/backends/dummy/executor.ts";
import { bwrap, podman, process } from "./plugins/backends/prow/executor.ts";

/** Every executor that a runner can be told to use with `SLIPWAY_EXECUTORS`. */
export default [
  process,
  bwrap,
  podman,
  unshareTestbed,
  lxcTestbed,
  qemuTestbed,
  podmanTestbed,
  nullTestbed,
  dummy,
] satisfies readonly Executor[];
