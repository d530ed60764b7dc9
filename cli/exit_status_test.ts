import { assertEquals } from "@std/assert";
import { endStates } from "../core/run.ts";
import { statusOfEnd, statusOfRefusal } from "./exit_status.ts";

Deno.test("the exit status tells a verdict on the work from a lack of one", () => {
  assertEquals(
    Object.fromEntries(endStates.map((end) => [end, statusOfEnd(end)])),
    { passed: 0, failed: 1, neutral: 0, errored: 3, aborted: 3 },
  );
});

Deno.test("a refusal is the caller's mistake, a lack of permission, or the infrastructure's", () => {
  const statuses = [400, 404, 409, 422, 401, 403, 302, 407, 408, 429, 500, 503];
  assertEquals(
    statuses.map(statusOfRefusal),
    [2, 2, 2, 2, 4, 4, 3, 3, 3, 3, 3, 3],
  );
});
