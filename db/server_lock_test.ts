import { assertStringIncludes, assertThrows } from "@std/assert";
import { lockForServer } from "./server_lock.ts";

Deno.test("lockForServer() refuses a second server, says who has the file, and lets go with the first", async () => {
  const directory = await Deno.makeTempDir({ prefix: "slipway-lock-" });
  const file = `${directory}/slipway.db`;
  const first = lockForServer(file, {
    pid: 4711,
    url: "http://127.0.0.1:8000",
  });
  const error = assertThrows(
    () => lockForServer(file, { pid: 4712, url: "http://127.0.0.1:8001" }),
    Error,
  );
  assertStringIncludes(error.message, "process 4711, http://127.0.0.1:8000");
  assertStringIncludes(error.message, "SLIPWAY_DATA");
  first.release();
  lockForServer(file, { pid: 4712, url: "http://127.0.0.1:8001" }).release();
  await Deno.remove(directory, { recursive: true });
});
