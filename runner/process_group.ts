/** Sends a signal to every process of a group. Whether anybody was there to get it. */
export function signalGroup(groupId: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(-groupId, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // Only members of another user are left, which this runner may not signal.
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

/** Kills a group, until none of it lives. What a second of that does not end is stuck in the kernel. */
export async function killGroup(groupId: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (!signalGroup(groupId, "SIGKILL")) return;
    if (!await hasLivingMember(groupId)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A dead process can be signalled until its parent looks at it, which init does late or, in a container, never. */
async function hasLivingMember(groupId: number): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir("/proc")) {
      if (/^\d+$/.test(name) && await isLivingMember(name, groupId)) {
        return true;
      }
    }
    return false;
  } catch {
    return true; // No /proc on this system.
  }
}

/** The name in `stat` may hold anything, so fields count from its closing bracket (proc_pid_stat(5)). */
async function isLivingMember(pid: string, groupId: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(group) === groupId && state !== "Z" && state !== "X";
  } catch {
    return false; // It has gone meanwhile.
  }
}
