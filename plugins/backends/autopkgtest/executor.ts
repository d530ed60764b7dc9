/**
 * Runs package tests with Debian's own `autopkgtest`, on this machine itself
 * or in what is thrown away afterwards.
 * @module
 */
export { lxcTestbed } from "./lxc_testbed.ts";
export { nullTestbed } from "./null_testbed.ts";
export { podmanTestbed } from "./podman_testbed.ts";
export { qemuTestbed } from "./qemu_testbed.ts";
export { unshareTestbed } from "./unshare_testbed.ts";
