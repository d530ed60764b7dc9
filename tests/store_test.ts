import { openEmbedded } from "../db/embedded.ts";
import { openRemote } from "../db/remote.ts";
import { testPastAttempts } from "./conformance/past_attempts.ts";
import { type OpenedDatabase, testDatabase } from "./conformance/database.ts";
import { testChanges } from "./conformance/changes.ts";
import { testQueue } from "./conformance/queue.ts";
import { testRetry } from "./conformance/retry.ts";
import { testRunList } from "./conformance/run_list.ts";
import { testStore } from "./conformance/store.ts";
import { startSqld } from "./sqld.ts";

async function openFile(): Promise<OpenedDatabase> {
  const directory = await Deno.makeTempDir({ prefix: "slipway-db-" });
  const database = openEmbedded(`${directory}/slipway.db`);
  return {
    database,
    [Symbol.asyncDispose]: async () => {
      database.close();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function openServer(): Promise<OpenedDatabase> {
  const sqld = await startSqld();
  const database = openRemote({ url: sqld.url });
  return {
    database,
    [Symbol.asyncDispose]: async () => {
      database.close();
      await sqld[Symbol.asyncDispose]();
    },
  };
}

const databases = { "embedded file": openFile, sqld: openServer };
for (const [name, open] of Object.entries(databases)) {
  testDatabase(name, open);
  testStore(name, open);
  testRunList(name, open);
  testQueue(name, open);
  testRetry(name, open);
  testPastAttempts(name, open);
  testChanges(name, open);
}
