import { assertEquals } from "@std/assert";
import autopkgtest from "./mod.ts";
import { optionsSchema } from "./options.ts";
import { RejectList } from "./reject_list.ts";
import { toSubmission } from "./submission.ts";

const target = { suite: "unstable", arch: "amd64" };
const test = {
  package: "bash",
  trigger: null,
  given: [],
  pins: [],
  isPrivate: false,
  extraSources: [],
};

for (
  const [given, delays] of [
    [{}, [300, 1800]],
    [{ retryDelaysSeconds: [60] }, [60]],
    [{ retryDelaysSeconds: [] }, []],
  ] as const
) {
  Deno.test(`with the options ${JSON.stringify(given)} a temporary failure is tried again after ${delays.join(", ") || "nothing"}`, () => {
    const options = optionsSchema.parse(given);
    const rejectList = new RejectList([], options);
    const batch = { priority: 5, rejectList };
    const submission = toSubmission({ target, test }, batch, options);
    assertEquals(submission.retryDelaysSeconds, [...delays]);
    assertEquals(submission.outcome, undefined);
  });
}

for (const delays of [[0], [-5], [1.5], Array(11).fill(60)]) {
  Deno.test(`delays of ${JSON.stringify(delays)} are refused before the start`, () => {
    const { faults } = autopkgtest({ retryDelaysSeconds: delays });
    assertEquals(faults.length, 1);
  });
}
