import { ApiError } from "../../../core/error.ts";
import type { RunFilter } from "../../../core/backend.ts";
import type { RunState } from "../../../core/run.ts";
import { executionStatuses, statesOf } from "./execution_status.ts";
import { enumNumber } from "./proto_json.ts";
import { quote } from "./request_rules.ts";
import { readView } from "./view.ts";

/** The most executions that one answer lists; Gangway has no limit (gangway 80). */
export const maxListed = 10_000;

/** What a list call asks for. */
export type ListQuery = {
  readonly filter: RunFilter & { readonly limit: number };
  readonly isFull: boolean;
  /** The caller pages, and so expects `next_page_token`. */
  readonly isPaged: boolean;
};

/**
 * Reads the query of a list call; names in snake_case or camelCase, unknown ones ignored (gangway 30, 71 to 80).
 *
 * @throws ApiError `invalid` that says what may stand there.
 */
export function readListQuery(
  query: Readonly<Record<string, string>>,
): ListQuery {
  const { job_name, jobName, status, page_size, pageSize } = query;
  const { page_token, pageToken } = query;
  const job = job_name ?? jobName;
  const states = readStatus(status ?? "");
  const size = page_size ?? pageSize;
  const token = page_token ?? pageToken;
  return {
    filter: {
      ...job && { job },
      ...states && { states },
      ...token && { before: readToken(token) },
      limit: readSize(size ?? ""),
    },
    isFull: readView(query.view),
    isPaged: size !== undefined || token !== undefined,
  };
}

/** Opaque to the caller, so that what it holds may change. */
export function writeToken(number: number): string {
  return btoa(`n${number}`).replaceAll("=", "");
}

function readToken(token: string): number {
  try {
    const number = /^n(\d{1,15})$/.exec(atob(token))?.[1];
    if (number !== undefined) return Number(number);
  } catch {
    // Not even base64: refused below.
  }
  throw new ApiError(
    "invalid",
    "Cannot read page_token: use next_page_token of the page before, unchanged",
  );
}

/** As Google's APIs have it: 0 leaves the size to the server, and one that is too large is cut. */
function readSize(text: string): number {
  if (!/^\d{0,9}$/.test(text)) {
    throw new ApiError(
      "invalid",
      `Cannot list: page_size must be a whole number of at most ${maxListed}`,
    );
  }
  return Math.min(Number(text) || maxListed, maxListed);
}

/** The states that a list is narrowed to; null for all. */
function readStatus(text: string): RunState[] | null {
  if (text === "") return null;
  const status = executionStatuses[enumNumber(executionStatuses, text) ?? -1];
  if (status === undefined) {
    throw new ApiError(
      "invalid",
      `Cannot list: there is no status ${quote(text)}; use one of ${
        executionStatuses.join(", ")
      }`,
    );
  }
  const states = statesOf(status);
  return states.length === 0 ? null : states;
}
