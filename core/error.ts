/**
 * Every way in which Slipway refuses, with the one HTTP status of each.
 * Dialects translate the code into their own form; the status stays.
 */
export const statusByCode = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_slow: 408,
  conflict: 409,
  stale_attempt: 409,
  log_incomplete: 412,
  too_large: 413,
  unsupported_media_type: 415,
  wrong_offset: 416,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
} as const satisfies Record<string, number>;

/** A refusal's machine-readable name. */
export type ErrorCode = keyof typeof statusByCode;

/** Who a refused credential was known to belong to; for the audit, never for the answer. */
export type Known = {
  /** `principalId` of the account; undefined when only the credential is known. */
  readonly principal?: string | undefined;
  /** Name of the auth plugin; set by whoever asked it. */
  readonly via?: string | undefined;
  /** Id of the credential, never its text. */
  readonly credential: string;
};

/** The HTTP status of a refusal. */
export type ErrorStatus = (typeof statusByCode)[ErrorCode];

/**
 * A refusal that the caller is told about. The message is public: one sentence
 * that says what to change. Private detail goes into `cause`, which is logged only.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** `headers` go with the answer, e.g. `Allow` or `Range`; `known` does not. */
    readonly options: {
      readonly headers?: Record<string, string>;
      readonly cause?: unknown;
      readonly known?: Known | undefined;
    } = {},
  ) {
    super(message, { cause: options.cause });
  }

  get status(): ErrorStatus {
    return statusByCode[this.code];
  }
}

/** Any thrown value as a refusal; what is not one becomes `internal`, with a message that gives nothing away. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(
    "internal",
    "Cannot answer: an internal error occurred, which has been logged",
    {
      cause: error,
    },
  );
}
