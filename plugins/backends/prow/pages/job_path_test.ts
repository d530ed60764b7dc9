import { assertEquals } from "@std/assert";
import { jobNameOf, jobPath } from "./job_path.ts";

for (
  const name of [
    "periodic-hello",
    "folder/job",
    "/",
    "//a//",
    ".",
    "..",
    "../..",
    "~",
    "~..",
    "100%",
    "%2F",
    "a?b#c",
    "<script>",
    "a\u202eb\u0000\n",
    "ünï 🚀",
  ]
) {
  Deno.test(`the path of the job ${JSON.stringify(name)} leads to it`, () => {
    const { pathname, search, hash } = new URL(
      jobPath(name),
      "http://slipway.test",
    );
    assertEquals([search, hash], ["", ""]);
    const [, first, rest = "", ...more] = pathname.split("/");
    assertEquals([first, more.length], ["jobs", 0]);
    assertEquals(jobNameOf(decodeURIComponent(rest)), name);
  });
}
