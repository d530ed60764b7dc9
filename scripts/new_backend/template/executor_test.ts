import { testExecutor } from "../../../tests/conformance/executor.ts";
import { command } from "./executor.ts";

const task = (...command: string[]) => ({ command, timeoutSeconds: 60 });

testExecutor(command, {
  folder: new URL("./", import.meta.url),
  host: { arch: "amd64", env: {} },
  tasks: {
    passing: task("true"),
    failing: task("false"),
    endless: task("sh", "-c", "echo begun; sleep 600"),
    unstartable: task("no-such-command"),
  },
});
