import * as z from "zod";
import { durationSeconds } from "./duration.ts";
import { goObject, goText } from "./go_object.ts";

const duration = goText.refine(
  (text) => durationSeconds(text) !== null,
  "expected a duration such as 2h30m",
);

const group = z.record(z.string(), z.unknown()).optional();

/** Groups of options: a default fills in what a group of the job leaves out. */
const groups = {
  utility_images: group,
  resources: group,
  gcs_configuration: group,
  censoring_options: group,
  scheduling_options: group,
};

/** How Prow's utilities go with a job. */
export const decorationConfig = goObject({
  timeout: duration.optional(),
  grace_period: duration.optional(),
  ...groups,
});

/** An entry of the main configuration's `plank.default_decoration_config_entries`. */
export const decorationDefault = goObject({
  repo: goText.default(""),
  cluster: goText.default(""),
  config: decorationConfig.default({}),
});

export type DecorationConfig = z.output<typeof decorationConfig>;
export type DecorationDefault = z.output<typeof decorationDefault>;

/**
 * A decorated job's configuration: its own over the defaults that are for its
 * repository and cluster, later ones over earlier ones, as Prow merges them.
 */
export function decorate(
  own: DecorationConfig | undefined,
  job: { readonly orgRepo: string; readonly cluster: string },
  defaults: readonly DecorationDefault[],
): DecorationConfig | undefined {
  const fitting = defaults.filter((entry) => isFor(entry, job));
  if (fitting.length === 0) return own;
  return [...fitting.map(({ config }) => config), own ?? {}].reduce(overlay);
}

/** Empty and `*` are for all; an organisation is for all its repositories. */
function isFor(
  { repo, cluster }: DecorationDefault,
  job: { readonly orgRepo: string; readonly cluster: string },
): boolean {
  if (!["", "*", job.cluster].includes(cluster)) return false;
  const orgRepo = job.orgRepo.replace(/^https?:\/\//, "");
  const org = orgRepo.split("/")[0];
  return ["", "*", job.orgRepo, orgRepo, org].includes(repo);
}

function overlay(
  under: DecorationConfig,
  over: DecorationConfig,
): DecorationConfig {
  const merged = { ...under, ...withoutEmpty(over) };
  for (const name of groupNames) {
    const group = over[name];
    if (group !== undefined) {
      merged[name] = { ...under[name], ...withoutEmpty(group) };
    }
  }
  return merged;
}

const groupNames = [
  "utility_images",
  "resources",
  "gcs_configuration",
  "censoring_options",
  "scheduling_options",
] as const satisfies readonly (keyof typeof groups)[];

/** An empty text or list counts as not set, as in Go. */
function withoutEmpty(
  object: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) =>
      value !== "" && value !== null &&
      !(Array.isArray(value) && value.length === 0)
    ),
  );
}
