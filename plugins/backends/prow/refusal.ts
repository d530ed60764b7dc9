import type { Dialect } from "../../../core/backend.ts";
import type { ApiError, ErrorCode } from "../../../core/error.ts";
import { deckPrefixes, isDeckPath, refuseInWords } from "./deck/refusal.ts";
import { print } from "./execution.ts";

/**
 * gRPC's number for each way to refuse. What Gangway answers as a plain Go
 * error is 2, Unknown, so that stands for `internal`.
 */
const grpcCodes = {
  invalid: 3,
  unauthenticated: 16,
  forbidden: 7,
  not_found: 5,
  method_not_allowed: 12,
  too_slow: 4,
  conflict: 10,
  stale_attempt: 10,
  log_incomplete: 9,
  too_large: 11,
  unsupported_media_type: 3,
  wrong_offset: 11,
  unprocessable: 9,
  rate_limited: 8,
  internal: 2,
  unavailable: 14,
  timeout: 4,
} as const satisfies Record<ErrorCode, number>;

/** Proxies and clients give up on headers of some kilobytes; the body has the whole text. */
const maxHeaderMessage = 1000;

/** Gangway's paths and refusals: the message in gRPC's headers, and for people in the body too (gangway 93, 94). */
export const dialect: Dialect = {
  prefixes: ["/v1/executions", "/v1/bulk-job-status-update", ...deckPrefixes],
  nativePrefixes: ["/v1/jobs"],
  normalisePath: (pathname) =>
    pathname.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, ""),
  refuse: (error, request) =>
    isDeckPath(new URL(request.url).pathname)
      ? refuseInWords(error)
      : refuse(error),
};

function refuse(error: ApiError): Response {
  const code = grpcCodes[error.code];
  const { message, options, status } = error;
  const short = message.length > maxHeaderMessage
    ? `${message.slice(0, maxHeaderMessage)}...`
    : message;
  return new Response(print({ code, message, details: [] }), {
    status,
    headers: {
      ...options.headers,
      "content-type": "application/json",
      "grpc-status": String(code),
      "grpc-message": percentEncode(short),
    },
  });
}

/** gRPC's percent-encoding of status messages: printable ASCII stays, `%` and every other byte of the UTF-8 is encoded. */
export function percentEncode(message: string): string {
  return Array.from(
    new TextEncoder().encode(message),
    (byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
