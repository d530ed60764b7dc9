import { ApiError, type ErrorCode } from "../../../core/error.ts";

/** A faulty test of a request, for who accepts JSON. */
export type FaultyItem = {
  /** Place in the list `tests`; in a batch, within its request. */
  readonly index: number;
  /** Place of the request in a batch. */
  readonly request?: number;
  /** The package as it was sent; empty when there is none. */
  readonly package: string;
  readonly fault: string;
};

/**
 * A refusal whose text is debci's own to the byte: some of them end in a line
 * break and some do not (wire 1.3 to 1.5).
 */
export class Refusal extends ApiError {
  constructor(
    text: string,
    readonly items: readonly FaultyItem[] = [],
    code: ErrorCode = "invalid",
  ) {
    super(code, text);
  }
}
