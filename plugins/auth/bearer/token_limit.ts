/** A token is narrowed in the same words as an account. */
export { limitFault, toLimits } from "../../../core/limit.ts";
