/**
 * Runs package tests with Debian's own `autopkgtest`, on this machine itself
 * or in what is thrown away afterwards.
 * @module
 */
import { lxcContainers } from "./lxc_testbed.ts";
import { defineNamedTestbeds } from "./named_testbed.ts";
import { podmanContainers } from "./podman_testbed.ts";
import { qemuMachines } from "./qemu_testbed.ts";

export { nullTestbed } from "./null_testbed.ts";
export { unshareTestbed } from "./unshare_testbed.ts";

/** In a copy of an LXC container, as Debian's own service does. */
export const lxcTestbed = defineNamedTestbeds(lxcContainers);

/** In a virtual machine. */
export const qemuTestbed = defineNamedTestbeds(qemuMachines);

/** In a container of podman. */
export const podmanTestbed = defineNamedTestbeds(podmanContainers);
