/** Whether a process runs; one that is dead but not yet buried does not. */
export function isAlive(pid: string | number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")")).split(" ")[1] !== "Z";
  } catch {
    return false;
  }
}

/** Whether there is anything at a path. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
