import { ApiError } from "../../../core/error.ts";

/**
 * A 400 whose text is debci's own to the byte: some of them end in a line
 * break and some do not (wire 1.3 to 1.5).
 */
export class Refusal extends ApiError {
  constructor(text: string) {
    super("invalid", text);
  }
}
