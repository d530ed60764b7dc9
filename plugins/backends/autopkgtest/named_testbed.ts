import {
  defineExecutor,
  type Executor,
  type Host,
  type Work,
} from "../../../core/executor.ts";
import type { End } from "../../../core/run.ts";
import { findContainment } from "./launch.ts";
import { runPackageTest, type Testbed } from "./package_run.ts";
import { ServerArguments } from "./server_arguments.ts";
import { type SystemCommand, whyMissing } from "./system_command.ts";
import { type Task, taskSchema } from "./task.ts";

/** A kind of testbeds that are known to a program of this machine by their names. */
export type NamedTestbeds = {
  readonly name: string;
  readonly summary: string;
  /** The environment variable with the server's arguments. */
  readonly variable: string;
  /** The server's arguments when the operator gives none. */
  readonly usual: (host: Host) => string;
  readonly commands: readonly SystemCommand[];
  /** The names of what there is, or why that cannot be known. */
  readonly list: (
    server: ServerArguments,
    host: Host,
  ) => Promise<readonly string[] | { readonly fault: string }>;
  /** The command that makes a testbed, to be typed. */
  readonly making: string;
  /** What a run is called with, for a testbed that is called `name`. */
  readonly testbed: (
    server: ServerArguments,
    run: { readonly task: Task; readonly host: Host; readonly name: string },
  ) => Omit<Testbed, "isDisposable" | "containment">;
  /** Whether the testbed's processes are children of ours; else a daemon or `remove` ends them. */
  readonly hasChildren: boolean;
  /** Removes what a run that was stopped may have left. */
  readonly remove: (
    name: string,
    server: ServerArguments,
    host: Host,
  ) => Promise<unknown>;
};

/**
 * An executor for testbeds that the operator has made and named. It offers the
 * suites whose testbeds were there when the runner began.
 */
export function defineNamedTestbeds(kind: NamedTestbeds): Executor {
  let known: readonly string[] = [];
  return defineExecutor({
    backend: "autopkgtest",
    name: kind.name,
    summary: kind.summary,
    task: taskSchema,
    offer: ({ arch }) => ({
      arch: [arch],
      testbed: ["disposable"],
      ...(known.length > 0 ? { suite: known } : {}),
    }),
    async unready(host) {
      const found = await whyMissing(kind.commands) ??
        await findSuites(kind, host);
      if (typeof found === "string") return found;
      known = found;
      return null;
    },
    run: (task, work, host) => test(kind, task, work, host),
  });
}

/** The suites that can be tested in, never none; a string says why none can. */
async function findSuites(
  kind: NamedTestbeds,
  host: Host,
): Promise<readonly string[] | string> {
  const server = readServer(kind, host);
  if (typeof server === "string") return server;
  const beds = await kind.list(server, host);
  if ("fault" in beds) return `${kind.name} does not work here: ${beds.fault}`;
  const suites = server.suites(beds, host.arch);
  return suites.length > 0
    ? suites
    : `there is no testbed ${server.template}; make one, for unstable: ${kind.making}, or name another in ${kind.variable}`;
}

function readServer(kind: NamedTestbeds, host: Host): ServerArguments | string {
  try {
    return new ServerArguments(host.env[kind.variable] || kind.usual(host));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return `${kind.variable} is faulty: ${error.message}`;
  }
}

async function test(
  kind: NamedTestbeds,
  task: Task,
  work: Work,
  host: Host,
): Promise<End> {
  const server = readServer(kind, host);
  if (typeof server === "string") {
    return { kind: "not_started", reason: `Cannot test: ${server}` };
  }
  const name = `slipway-${work.run.id}-${work.run.attempt}`;
  work.log(`slipway: the testbed is ${kind.name}'s ${server.bed(task)}\n`);
  try {
    return await runPackageTest(task, work, host, {
      ...kind.testbed(server, { task, host, name }),
      isDisposable: true,
      containment: kind.hasChildren
        ? await findContainment(["namespaces", "user_namespace"])
        : "none",
    });
  } finally {
    await kind.remove(name, server, host);
  }
}
