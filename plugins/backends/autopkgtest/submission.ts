import type { Labels } from "../../../core/label.ts";
import type { Outcome, Submission } from "../../../core/run.ts";
import type { Options } from "./options.ts";
import { packageId } from "./package_id.ts";
import type { RejectList } from "./reject_list.ts";
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";
import type { TestRequest } from "./test_item.ts";

/** A test and where it is to run. */
export type TargetedTest = {
  readonly target: Target;
  readonly test: TestRequest;
};

/** What all tests of one request have in common. */
export type Batch = {
  /** 1 to 10, larger first. */
  readonly priority: number;
  readonly rejectList: RejectList;
};

/** A test as a run to be made. That of a rejected package has failed from the start (wire 1.5). */
export function toSubmission(
  { target, test }: TargetedTest,
  batch: Batch,
  options: Options,
): Submission {
  const { suite, arch } = target;
  const isRejected = batch.rejectList.isRejected({
    ...target,
    package: test.package,
  });
  return {
    job: test.package,
    request: {
      suite,
      arch,
      trigger: test.trigger,
      pin_packages: test.given,
      extra_apt_sources: test.extraSources,
      package_id: packageId(test.package),
    },
    task: toTask(test, target, options),
    labels: toLabels(test, target),
    priority: batch.priority,
    isPrivate: test.isPrivate,
    retryDelaysSeconds: options.retryDelaysSeconds,
    ...(isRejected ? { outcome: rejected(test.package) } : {}),
  };
}

function rejected(name: string): Outcome {
  return { state: "failed", message: `RejectListed package: ${name}` };
}

/** A sources' entry is taken as it is now: later changes of the options do not reach runs that wait (wire 1.5). */
function toTask(test: TestRequest, target: Target, options: Options): Task {
  return {
    package: test.package,
    suite: target.suite,
    arch: target.arch,
    pins: test.pins.map(({ suite, packages }) => ({
      suite,
      packages: [...packages],
    })),
    extraSources: test.extraSources.flatMap((name) => {
      const source = options.extraAptSources[name];
      if (source === undefined) return [];
      const { entry, signingKey = null } = source;
      return [{ name, entry, signingKey }];
    }),
    timeoutSeconds: options.timeoutSeconds,
    testTimeoutSeconds: options.testTimeoutSeconds,
  };
}

/** Pins and sources change the testbed's apt, so they need one that is thrown away afterwards. */
function toLabels(test: TestRequest, { suite, arch }: Target): Labels {
  const changesApt = test.pins.length > 0 || test.extraSources.length > 0;
  const labels = { backend: "autopkgtest", arch, suite };
  return changesApt ? { ...labels, testbed: "disposable" } : labels;
}
