import { assert, assertStringIncludes, assertThrows } from "@std/assert";
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

Deno.test("lockForServer() blames another server only when there is one", async () => {
  const directory = await Deno.makeTempDir({ prefix: "slipway-lock-" });
  const self = { pid: 4711, url: null };
  await Deno.writeTextFile(`${directory}/junk.db-server`, "junk".repeat(1000));
  for (const name of ["junk.db", "missing/slipway.db"]) {
    const { message } = assertThrows(
      () => lockForServer(`${directory}/${name}`, self),
      Error,
    );
    assert(!message.includes("another Slipway"), message);
    assertStringIncludes(message, `${name}-server`);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a server that does not know its URL is told of by its process alone", async () => {
  const directory = await Deno.makeTempDir({ prefix: "slipway-lock-" });
  const file = `${directory}/slipway.db`;
  const first = lockForServer(file, { pid: 4711, url: null });
  const { message } = assertThrows(
    () => lockForServer(file, { pid: 4712, url: null }),
    Error,
  );
  assertStringIncludes(message, "another Slipway server (process 4711) has");
  first.release();
  await Deno.remove(directory, { recursive: true });
});
