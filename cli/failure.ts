import { type ExitStatus, exitStatus, statusOfRefusal } from "./exit_status.ts";

/** Why the command cannot do what was asked: a sentence for the person, and how the process ends. */
export class Failure extends Error {
  override readonly name: string = "Failure";

  constructor(message: string, readonly exitStatus: ExitStatus) {
    super(message);
  }
}

/** The command was called wrongly. */
export class UsageError extends Failure {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message, exitStatus.usage);
  }
}

/** The server understood, and says no. */
export class Refused extends Failure {
  override readonly name = "Refused";

  constructor(
    message: string,
    readonly httpStatus: number,
    /** How long the server asks to be left alone; null when it says nothing. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message, statusOfRefusal(httpStatus));
  }
}

/** No answer came. */
export class Unreachable extends Failure {
  override readonly name = "Unreachable";

  constructor(
    message: string,
    /** Whether the server may have got the request, and carried it out. */
    readonly wasSent: boolean,
  ) {
    super(message, exitStatus.infrastructure);
  }
}

/** Ctrl-C. */
export class Interrupted extends Failure {
  override readonly name = "Interrupted";

  constructor(message = "Interrupted") {
    super(message, exitStatus.interrupted);
  }
}
