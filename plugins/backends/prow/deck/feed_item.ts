import { durationText } from "../duration_text.ts";
import type { ProwJob } from "../prowjob.ts";
import { refsText } from "../refs.ts";

/** A ProwJob without what a feed was asked to omit, as Deck leaves it out. */
export function withoutOmitted(
  { metadata, spec, ...rest }: ProwJob,
  omit = "",
): unknown {
  const omitted = new Set(omit.split(",").map((word) => word.trim()));
  const { labels, annotations, ...identity } = metadata;
  const { decoration_config, pod_spec, ...more } = spec;
  return {
    ...rest,
    metadata: {
      ...identity,
      ...!omitted.has("labels") && { labels },
      ...!omitted.has("annotations") && { annotations },
    },
    spec: {
      ...more,
      ...!omitted.has("decoration_config") && { decoration_config },
      pod_spec: omitted.has("pod_spec") ? emptyPod(pod_spec) : pod_spec,
    },
  };
}

/** Clients count the containers, so those stay, with nothing in them. */
function emptyPod(podSpec: unknown) {
  if (typeof podSpec !== "object" || podSpec === null) return undefined;
  const containers = "containers" in podSpec ? podSpec.containers : [];
  return {
    containers: (Array.isArray(containers) ? containers : []).map(() => ({
      name: "",
      resources: {},
    })),
  };
}

/** A row of `/data.js`, which holds texts only (Prow pkg/deck/jobs). */
export function toDataRow({ metadata, spec, status }: ProwJob) {
  const { startTime, completionTime } = status;
  const startedAt = Date.parse(startTime) / 1000;
  return {
    type: spec.type,
    refs: spec.refs ?? { org: "", repo: "" },
    refs_key: spec.refs ? refsText(spec.refs) : "",
    job: spec.job,
    build_id: status.build_id ?? "",
    context: spec.context ?? "",
    started: String(startedAt),
    finished: completionTime ?? "",
    duration: completionTime === undefined
      ? ""
      : durationText(Date.parse(completionTime) / 1000 - startedAt),
    state: status.state,
    description: status.description ?? "",
    url: status.url ?? "",
    pod_name: status.pod_name ?? "",
    agent: spec.agent ?? "",
    prow_job: metadata.name,
  };
}
