import { isSafeHref, Name, OutLink, visible } from "../../../../ui/kit/mod.ts";
import type { Job } from "../job.ts";
import { type JobDefaults, toJobDetailJson } from "../job_json.ts";
import { duration } from "../../../../ui/kit/mod.ts";
import {
  branchesText,
  commandText,
  repositoryHref,
} from "./definition_text.ts";

/** Jobs of one name that are told of in full. */
const maxShown = 20;

type Props = {
  readonly defaults: JobDefaults;
  /** Whether the reader may know where configuration lies on the server. */
  readonly showsSource: boolean;
};

/** What jobs of one name are: each by itself where there are several. */
export function JobFacts(
  { variants, ...props }: Props & { variants: readonly Job[] },
) {
  const [only] = variants;
  if (only !== undefined && variants.length === 1) {
    return <Facts job={only} {...props} />;
  }
  return (
    <>
      <p>
        {variants.length}{" "}
        jobs have this name; type, repository and branch say which one is run.
      </p>
      {variants.slice(0, maxShown).map((job) => (
        <details>
          <summary>
            {job.type}
            {job.orgRepo !== "" && (
              <>
                {" "}of <Name text={job.orgRepo} />, branches:{" "}
                <Name text={branchesText(job.definition)} />
              </>
            )}
          </summary>
          <Facts job={job} {...props} />
        </details>
      ))}
      {variants.length > maxShown &&
        <p>{`and ${variants.length - maxShown} more`}</p>}
    </>
  );
}

/** Scalars of a definition that are told as they are written. */
const written = [
  ["cron", "Cron"],
  ["interval", "Interval"],
  ["minimum_interval", "Minimum interval"],
  ["always_run", "Always run"],
  ["run_if_changed", "Run if changed"],
  ["skip_if_only_changed", "Skip if only changed"],
  ["optional", "Optional"],
  ["rerun_command", "Comment that reruns it"],
  ["max_concurrency", "Runs at a time"],
] as const;

function Facts({ job, defaults, showsSource }: Props & { job: Job }) {
  const { type, orgRepo, definition } = job;
  const detail = toJobDetailJson(job, defaults);
  const { description } = detail.annotations;
  const command = commandText(definition);
  return (
    <dl>
      {description !== undefined && <Fact name="About" text={description} />}
      <Fact name="Type" text={type} />
      {orgRepo !== "" && (
        <Links
          name="Repository"
          places={[{ orgRepo, cloneUri: detail.cloneOptions.cloneUri }]}
        />
      )}
      {type !== "periodic" && (
        <Fact name="Branches" text={branchesText(job.definition)} />
      )}
      {written.map(([key, name]) => {
        const value = definition[key];
        return typeof value === "object" || value === undefined || value === ""
          ? null
          : <Fact name={name} text={String(value)} />;
      })}
      <Fact name="Cluster" text={detail.cluster} />
      <Fact name="Agent" text={detail.agent} />
      <Fact name="Tenant" text={detail.tenantId} />
      {detail.images.length > 0 &&
        <Fact name="Image" text={detail.images.join(", ")} />}
      {command !== "" && <Block name="Command" text={command} />}
      {detail.envs.length > 0 && (
        <Block
          name="Environment"
          text={detail.envs.map(({ name, value }) =>
            value === null
              ? `${name} (known to the cluster)`
              : `${name}=${value}`
          ).join("\n")}
        />
      )}
      {detail.extraRefs.length > 0 && (
        <Links
          name="Also cloned"
          places={detail.extraRefs.map(({ org, repo, baseRef }) => ({
            orgRepo: `${org}/${repo}`,
            cloneUri: "",
            note: baseRef,
          }))}
        />
      )}
      <Fact
        name="Decorated"
        text={detail.isDecorated
          ? "yes: cloning, artifacts and its timeouts"
          : "no: just its container"}
      />
      <Fact
        name="Timeout"
        text={`${duration(detail.timeoutSeconds * 1000)}, then ${
          duration(detail.graceSeconds * 1000)
        } of grace`}
      />
      {showsSource && <Fact name="Configured in" text={job.source} />}
    </dl>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Name text={text} />
      </dd>
    </>
  );
}

/** Text of several lines; those are its own. */
function Block({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <pre class="trace" tabindex={0}>
          {text.split("\n").map(visible).join("\n")}
        </pre>
      </dd>
    </>
  );
}

function Links(
  { name, places }: {
    name: string;
    places: readonly {
      readonly orgRepo: string;
      readonly cloneUri: string;
      readonly note?: string;
    }[];
  },
) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {places.map(({ orgRepo, cloneUri, note }, at) => {
          const href = repositoryHref(orgRepo, cloneUri);
          return (
            <>
              {at > 0 && ", "}
              {href !== null && isSafeHref(href)
                ? <OutLink name={orgRepo} href={href} />
                : <Name text={orgRepo} />}
              {note
                ? (
                  <>
                    {" at "}
                    <Name text={note} />
                  </>
                )
                : null}
            </>
          );
        })}
      </dd>
    </>
  );
}
