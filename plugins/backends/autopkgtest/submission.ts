import type { Labels } from "../../../core/label.ts";
import type { Submission } from "../../../core/run.ts";
import type { Options } from "./options.ts";
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";
import type { TestRequest } from "./test_request.ts";

/** What all tests of one request have in common. */
export type Batch = Target & {
  /** 1 to 10, larger first. */
  readonly priority: number;
  /** Ids of the packages by name. */
  readonly packageIds: ReadonlyMap<string, number>;
};

/** A test as a run to be made. */
export function toSubmission(
  test: TestRequest,
  batch: Batch,
  options: Options,
): Submission {
  return {
    job: test.package,
    request: {
      suite: batch.suite,
      arch: batch.arch,
      trigger: test.trigger,
      pin_packages: test.given,
      extra_apt_sources: test.extraSources,
      package_id: batch.packageIds.get(test.package) ?? null,
    },
    task: toTask(test, batch, options),
    labels: toLabels(test, batch),
    priority: batch.priority,
    isPrivate: test.isPrivate,
  };
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
