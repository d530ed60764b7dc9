import type { CommandEnd, Host, Work } from "../../../../core/executor.ts";

/** The folders of a pod. */
export type Folders = {
  readonly home: string;
  /** GOPATH: repositories are in `src` below it. */
  readonly go: string;
  /** What Prow mounts at /logs; `artifacts` is in it. */
  readonly logs: string;
  readonly temporary: string;
};

/** The folders on this machine, in the attempt's own. */
export function hostFolders(directory: string): Folders {
  return {
    home: `${directory}/home`,
    go: `${directory}/go`,
    logs: `${directory}/logs`,
    temporary: `${directory}/tmp`,
  };
}

/** The folders as isolated jobs see them, where Prow has them. */
export const prowFolders = {
  home: "/home/prow",
  go: "/home/prow/go",
  logs: "/logs",
  temporary: "/tmp",
} as const satisfies Folders;

/** What is run. Commands and environment are expanded. */
export type Container = {
  readonly image: string;
  /** Empty: the image's own, where there is one. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** As the job sees it; null: wherever the sandbox begins. */
  readonly workingDirectory: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly graceSeconds: number;
};

/** The place in which a job's container is a process. */
export type Sandbox = {
  /** What the environment begins with; the job may change it. */
  env(host: Host, folders: Folders): Record<string, string>;
  /** The folders as the job sees them. */
  seen(folders: Folders): Folders;
  /** Runs the container's process to its end, and leaves nothing of it behind. */
  run(
    container: Container,
    folders: Folders,
    work: Work,
    host: Host,
  ): Promise<CommandEnd>;
};

/** The one search path that every Linux has. */
export const standardPath =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The end of a container that relies on an image's entrypoint where there is no image. */
export function noCommand(executor: string, image: string): CommandEnd {
  return {
    kind: "not_started",
    reason:
      `Cannot run the container: it names no command but relies on the entrypoint of the image ${image}, which ${executor} does not use; add a "command" to it`,
  };
}
