/**
 * Why a server or script could not start, in one line for its operator. An
 * error of ours says so itself; one of the system gets the setting to look at.
 */
export function startFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("Cannot ")) return message;
  return `Cannot start: ${plain(message)}${hint(error)}`;
}

/** Why a folder or a file of the data folder cannot be used. */
export function dataFault(path: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const why = error instanceof Deno.errors.AlreadyExists ||
      error instanceof Deno.errors.NotADirectory
    ? "a file is in its place"
    : plain(message);
  return new Error(
    `Cannot use ${path}: ${why}; set SLIPWAY_DATA (or DATABASE_URL) to a place where this user may write`,
    { cause: error },
  );
}

/** Why nothing can listen there. */
export function listenFault(
  host: string,
  port: number,
  error: unknown,
): Error {
  const message = error instanceof Error ? error.message : String(error);
  const why = error instanceof Deno.errors.AddrInUse
    ? "it is in use; set PORT to another one"
    : error instanceof Deno.errors.PermissionDenied
    ? "this user may not; set PORT to 1024 or more"
    : `${plain(message)}; set HOST to an address of this machine`;
  return new Error(`Cannot listen on ${host}, port ${port}: ${why}`, {
    cause: error,
  });
}

/** Without the number that the system has for it, and on one line. */
function plain(message: string): string {
  return message.replaceAll(/ \(os error \d+\)/g, "").replaceAll(/\s+/g, " ");
}

function hint(error: unknown): string {
  return error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.AlreadyExists
    ? "; set SLIPWAY_DATA to a folder where this user may write"
    : "";
}
