import { assertEquals } from "@std/assert";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { dummy } from "./executor.ts";

const host = { arch: "amd64", env: {} };

testExecutor(dummy, {
  host,
  tasks: {
    passing: { do: { exit: 0, print: ["hello"] } },
    failing: { do: { exit: 3 } },
    endless: {
      do: { command: ["sh", "-c", "echo here; sleep 600 & wait"] },
    },
    unstartable: { do: { command: ["no-such-command"] } },
  },
});

testExecutor(dummy, {
  host,
  tasks: {
    passing: { do: { sleepSeconds: 0 } },
    failing: { do: { command: ["false"] } },
    endless: { do: { sleepSeconds: 600 } },
    unstartable: { do: { failToStart: "told not to" } },
  },
});

Deno.test("the environment steers what the dummy offers and whether it is ready", async () => {
  assertEquals(dummy.offer(host).colour, ["*"]);
  const steered = {
    ...host,
    env: { DUMMY_COLOUR: "red,blue", DUMMY_UNREADY: "no paint" },
  };
  assertEquals(dummy.offer(steered).colour, ["red", "blue"]);
  assertEquals(await dummy.unready(host), null);
  assertEquals(await dummy.unready(steered), "no paint");
});
