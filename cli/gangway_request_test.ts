import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./failure.ts";
import {
  gangwayBody,
  identifierFileName,
  readJobCount,
} from "./gangway_request.ts";

Deno.test("the body always has both release images, which -e may overwrite", () => {
  const body = (env: string[]) =>
    JSON.parse(gangwayBody({ initial: "a", latest: "", env }));
  assertEquals(body([]), {
    job_execution_type: "1",
    pod_spec_options: {
      envs: { RELEASE_IMAGE_INITIAL: "a", RELEASE_IMAGE_LATEST: "" },
    },
  });
  assertEquals(body(["RELEASE_IMAGE_LATEST=b=c"]).pod_spec_options.envs, {
    RELEASE_IMAGE_INITIAL: "a",
    RELEASE_IMAGE_LATEST: "b=c",
  });
});

Deno.test("mistakes are told in gangway-cli's words", () => {
  assertThrows(
    () => gangwayBody({ initial: "", latest: "", env: ["X"] }),
    UsageError,
    'invalid environment variable, should be in format of VAR=VALUE: "X"',
  );
  assertThrows(
    () => readJobCount("21"),
    UsageError,
    "aborting since 21 exceeds max value of --n which is 20",
  );
  assertThrows(() => readJobCount("-1"), UsageError);
});

Deno.test("the file is named for the job and the time, and stays in its folder", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5, 120);
  assertEquals(
    identifierFileName("a-job", now),
    "gangway_a-job_2026-01-02T03:04:05.12Z.json",
  );
  assertEquals(
    identifierFileName("../x", 0),
    "gangway_.._x_1970-01-01T00:00:00Z.json",
  );
});
