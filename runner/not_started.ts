import type { Command } from "../core/executor.ts";

/** Why a command could not be started, for the person who wrote the job. */
export async function notStartedReason(
  command: Command,
  error: unknown,
): Promise<string> {
  const program = command.argv[0];
  const cannot = `Cannot run ${JSON.stringify(program)}:`;
  if (!await isDirectory(command.cwd)) {
    return `${cannot} its working directory ${command.cwd} does not exist`;
  }
  if (program === "") return `${cannot} the command is empty`;
  if (error instanceof Deno.errors.NotFound) {
    return `${cannot} ${await missing(program, command)}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `${cannot} it is not an executable file`;
  }
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes("nul byte")) {
    return `${cannot} an argument or an environment variable contains a NUL character`;
  }
  return `${cannot} ${text.replace(/^Failed to spawn '[^]*?': /, "")}`;
}

async function missing(program: string, command: Command): Promise<string> {
  if (!program.includes("/")) {
    const path = command.env.PATH;
    return "there is no such command" +
      (path === undefined ? "" : ` on its PATH ${path}`);
  }
  const file = program.startsWith("/") ? program : `${command.cwd}/${program}`;
  return await exists(file)
    ? "the interpreter that it names does not exist"
    : "there is no such file";
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
