import { noCommand, type Sandbox, standardPath } from "./sandbox.ts";

/** None: the job is a process of this machine, with the rights of the runner. */
export const machine: Sandbox = {
  env: (host, { home, temporary }) => ({
    PATH: host.env.PATH || standardPath,
    HOME: home,
    TMPDIR: temporary,
  }),
  seen: (folders) => folders,
  async run(container, folders, work) {
    const [program, ...more] = container.command;
    if (program === undefined) {
      return noCommand("prow:process", container.image);
    }
    return await work.spawn({
      argv: [program, ...more, ...container.args],
      cwd: container.workingDirectory ?? folders.home,
      env: container.env,
      timeoutSeconds: container.timeoutSeconds,
      graceSeconds: container.graceSeconds,
    });
  },
};
