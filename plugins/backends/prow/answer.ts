import type { TypedResponse } from "hono";
import { print } from "./execution.ts";

/** A message in the transcoder's print, which Hono's own `c.json` cannot give. The cast is to a type that exists for the compiler only. */
export function answer<T>(
  message: T,
  headers: Record<string, string> = {},
): Response & TypedResponse<T, 200, "json"> {
  return new Response(print(message), {
    headers: { ...headers, "content-type": "application/json" },
  }) as Response & TypedResponse<T, 200, "json">;
}
