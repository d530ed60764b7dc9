import { labelValueFaults } from "./kubernetes_name.ts";
import type { Refs } from "./refs.ts";

/** A label's value is cut to this, the annotation beside it has the whole. */
const maxLabelLength = 63;

type TextMap = { readonly [name: string]: string };

/** What labels and annotations are made of. */
export type Labelled = {
  readonly type: string;
  readonly job: string;
  readonly context: string;
  readonly refs: Refs | null;
  readonly extraRefs: readonly Refs[];
  /** Of the job and, over them, of the request. */
  readonly labels: TextMap;
  readonly annotations: TextMap;
};

/**
 * The labels and annotations of a ProwJob as Prow's `decorate` makes them: its
 * own first, the job's and the caller's over them (gangway 58). The names of
 * job and context are cut where they are labels and whole where they are
 * annotations (gangway 60). A value that Kubernetes would refuse becomes the
 * last part of its path, or is left out.
 */
export function prowLabels(
  { type, job, context, refs, extraRefs, labels, annotations }: Labelled,
): { labels: TextMap; annotations: TextMap } {
  const names = {
    "prow.k8s.io/job": job,
    "prow.k8s.io/context": context,
  };
  const about = refs ?? extraRefs[0];
  const values: TextMap = {
    "created-by-prow": "true",
    "prow.k8s.io/type": type,
    ...Object.fromEntries(
      Object.entries(names).map(([key, name]) => [key, cut(name)]),
    ),
    ...about && refsLabels(about),
    ...labels,
  };
  return {
    labels: Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => {
        const usable = [value, basename(value)].find((each) =>
          labelValueFaults(each).length === 0
        );
        return usable === undefined ? [] : [[key, usable]];
      }),
    ),
    annotations: { ...names, ...annotations },
  };
}

function refsLabels({ org, repo, base_ref, pulls = [] }: Refs): TextMap {
  const [pull] = pulls;
  return {
    "prow.k8s.io/refs.org": org ?? "",
    "prow.k8s.io/refs.repo": repo ?? "",
    "prow.k8s.io/refs.base_ref": base_ref ?? "",
    ...pull && { "prow.k8s.io/refs.pull": String(pull.number) },
  };
}

function cut(name: string): string {
  if (name.length <= maxLabelLength) return name;
  return name.slice(0, maxLabelLength).replace(/[._-]+$/, "");
}

/** Go's `filepath.Base`, for values that are paths or URLs. */
function basename(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) ?? "";
}
