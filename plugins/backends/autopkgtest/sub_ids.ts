import { findContainment, launch } from "./launch.ts";
import { probe } from "./system_command.ts";

/**
 * autopkgtest's unshare testbed runs in a user namespace whose users are
 * subordinate ids of the runner's user. Debian gives them to people who are
 * added with `adduser`, but not to root.
 *
 * | | |
 * |---|---|
 * | `own` | the system has given this user subordinate ids |
 * | `lent` | root has none: a file of our own stands in for the system's, seen by the one command only |
 */
export type SubIds = "own" | "lent";

/** Far above what Debian gives to people (SUB_UID_MAX is 600,100,000), so that nobody else's are used. */
export const lentSubIds = "root:700000000:65536\n";

/** What a command is prefixed with to run in the user namespace, as its root. */
export const inUserNamespace = [
  "unshare",
  "--map-auto",
  "--map-root-user",
] as const;

const nothing = [...inUserNamespace, "true"] as const;

/** Which ids can be had here; a string says why none can. */
export async function findSubIds(): Promise<
  { readonly kind: SubIds } | { readonly fault: string }
> {
  const own = await probe(nothing);
  if (own.ok) return { kind: "own" };
  const containment = await findContainment(["namespaces"]);
  if (containment === "namespaces") {
    const lent = await withLentFile((subIdFile) =>
      probe(launch(nothing, { containment, subIdFile }))
    );
    return lent.ok ? { kind: "lent" } : { fault: lent.stderr };
  }
  return { fault: own.stderr };
}

async function withLentFile<Result>(
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const file = await Deno.makeTempFile({ prefix: "slipway-subids-" });
  try {
    await Deno.writeTextFile(file, lentSubIds);
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}
