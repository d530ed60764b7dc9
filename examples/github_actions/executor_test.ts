import { testExecutor } from "../../tests/conformance/executor.ts";
import { steps } from "./executor.ts";

const task = (run: string, env: Record<string, string> = {}) => ({
  steps: [{ name: "a", run: "true", env: {} }, { name: "b", run, env: {} }],
  timeoutSeconds: 60,
  env,
});

testExecutor(steps, {
  folder: new URL("./", import.meta.url),
  host: { arch: "amd64", env: { PATH: Deno.env.get("PATH") ?? "" } },
  tasks: {
    passing: task('test "$CI $WHO" = "true you"; pwd', { WHO: "you" }),
    failing: task("false | true; false; echo not reached"),
    endless: task("echo begun; sleep 600 & wait"),
    unstartable: task("true", { PATH: "/nowhere" }),
  },
});
