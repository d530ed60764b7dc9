import type { Command } from "./command.ts";
import { cancel } from "./commands/cancel.ts";
import { completions } from "./commands/completions.ts";
import { doctor } from "./commands/doctor.ts";
import { gangway } from "./commands/gangway.ts";
import { jobs } from "./commands/jobs.ts";
import { keyCreate, keyList, keyRevoke } from "./commands/key.ts";
import { list } from "./commands/list.ts";
import { login } from "./commands/login.ts";
import { logout } from "./commands/logout.ts";
import { logs } from "./commands/logs.ts";
import { retry } from "./commands/retry.ts";
import { run } from "./commands/run.ts";
import {
  runnerList,
  runnerPause,
  runnerResume,
  runnerRevoke,
  runnerShow,
} from "./commands/runner.ts";
import { runnerDrain } from "./commands/runner_drain.ts";
import { test } from "./commands/testing.ts";
import { tokenList, tokenRevoke, tokenShow } from "./commands/token.ts";
import { tokenCreate, tokenRotate } from "./commands/token_making.ts";
import { watch } from "./commands/watch.ts";
import { whoami } from "./commands/whoami.ts";

const others: readonly Command[] = [
  login,
  logout,
  run,
  test,
  watch,
  logs,
  list,
  retry,
  cancel,
  jobs,
  whoami,
  tokenList,
  tokenShow,
  tokenCreate,
  tokenRotate,
  tokenRevoke,
  keyList,
  keyCreate,
  keyRevoke,
  runnerList,
  runnerShow,
  runnerPause,
  runnerDrain,
  runnerResume,
  runnerRevoke,
  gangway,
  doctor,
];

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [...others, completions(others)];
