import * as z from "zod";
import { ApiError } from "../../../core/error.ts";
import { quote } from "./request_rules.ts";

/** The parameter with which a caller asks for more than Gangway shows. */
export const viewParameter = z.string().optional().meta({
  description: "full: with all that is known",
  enum: ["full"],
});

/**
 * Whether `view=full` is asked for.
 *
 * @throws ApiError `invalid` for a view that there is not.
 */
export function readView(view = ""): boolean {
  if (!["", "basic", "full"].includes(view)) {
    throw new ApiError(
      "invalid",
      `Cannot show the view ${quote(view)}: use full, or leave view out`,
    );
  }
  return view === "full";
}
