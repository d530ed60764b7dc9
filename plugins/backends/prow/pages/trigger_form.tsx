import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import {
  Choice,
  Field,
  FormFault,
  PostForm,
  readerOf,
  type Typed,
} from "../../../../ui/kit/mod.ts";
import { type JobType, jobTypes } from "../execution_type.ts";
import type { Job } from "../job.ts";
import { runRefusal } from "./access.ts";
import { jobPath } from "./job_path.ts";

type Props = {
  readonly c: Context<AppEnv>;
  readonly name: string;
  /** The jobs of the name, at least one. */
  readonly variants: readonly Job[];
  /** Of which type the run is to be. */
  readonly type: JobType;
  readonly typed: Typed;
};

/** The form that runs a job, or why there is none. */
export function TriggerSection(props: Props) {
  return (
    <section aria-labelledby="run">
      <h2 id="run">Run it</h2>
      <TriggerForm {...props} />
    </section>
  );
}

function TriggerForm(props: Props) {
  const { c, name, type, typed } = props;
  const reader = readerOf(c);
  const path = jobPath(name);
  if (reader === null) {
    return (
      <p class="empty">
        <a href={`/login?return_to=${encodeURIComponent(path)}`}>Sign in</a>
        {" "}
        to run this job.
      </p>
    );
  }
  const refusal = runRefusal(reader, name);
  if (refusal !== null) return <p class="empty">{refusal}</p>;
  return (
    <>
      <Types {...props} />
      <PostForm c={c} action={path} class="form" once>
        <FormFault text={typed.faults.form} />
        <input type="hidden" name="type" value={type} />
        {type !== "periodic" && <RefsFields {...props} />}
        <Field
          name="envs"
          label="Environment"
          typed={typed}
          rows={4}
          hint="NAME=VALUE"
          help="One variable a line, NAME=VALUE. It wins over the job's own of that name; Prow's own, such as BUILD_ID, win over it."
        />
        <More
          open={["labels", "annotations"]}
          typed={typed}
          title="Labels and annotations"
        >
          <Field
            name="labels"
            label="Labels"
            typed={typed}
            rows={2}
            hint="team=storage"
            help="One a line, NAME=VALUE."
          />
          <Field
            name="annotations"
            label="Annotations"
            typed={typed}
            rows={2}
            help="One a line, NAME=VALUE."
          />
        </More>
        <button type="submit">Run {type}</button>
      </PostForm>
    </>
  );
}

/** Jobs of one name may be of several types, each of which takes something else. */
function Types({ name, variants, type }: Props) {
  const types = jobTypes.filter((each) =>
    variants.some((job) => job.type === each)
  );
  if (types.length < 2) return null;
  return (
    <nav class="pages" aria-label="Type of the run">
      {types.map((each) => (
        <a
          href={`${jobPath(name)}?type=${each}#run`}
          aria-current={each === type ? "true" : undefined}
        >
          as {each}
        </a>
      ))}
    </nav>
  );
}

function RefsFields({ variants, type, typed }: Props) {
  const places = [
    ...new Set(
      variants.filter((job) => job.type === type).map(({ orgRepo }) => orgRepo),
    ),
  ];
  return (
    <>
      <Choice name="repo" label="Repository" typed={typed} choices={places} />
      <Field
        name="base_ref"
        label="Branch"
        typed={typed}
        required
        hint="main"
        help={type === "presubmit"
          ? "That the change is to go to (base_ref)."
          : "That has the commit (base_ref)."}
      />
      <Field
        name="base_sha"
        label="Commit of the branch"
        typed={typed}
        required
        help="Its SHA (base_sha)."
      />
      {type === "presubmit" && <PullFields typed={typed} />}
      <More
        open={["more_pulls"]}
        typed={typed}
        title={type === "presubmit" ? "Further pull requests" : "Pull requests"}
      >
        <Field
          name="more_pulls"
          label="Pull requests that are merged too"
          typed={typed}
          rows={2}
          hint="124 0123456789abcdef0123456789abcdef01234567 alice"
          help="One a line: number, commit and author."
        />
      </More>
    </>
  );
}

function PullFields({ typed }: { typed: Typed }) {
  return (
    <fieldset class="fields">
      <legend>Pull request</legend>
      <Field
        name="pull_number"
        label="Number"
        typed={typed}
        required
        hint="123"
      />
      <Field
        name="pull_sha"
        label="Its commit"
        typed={typed}
        required
        help="The whole SHA, 40 characters."
      />
      <Field name="pull_author" label="Author" typed={typed} />
    </fieldset>
  );
}

/** What few need; open once something is in it or wrong with it. */
function More(
  { title, open, typed, children }: {
    title: string;
    open: readonly string[];
    typed: Typed;
    children: unknown;
  },
) {
  const isOpen = open.some((name) => typed.values[name] || typed.faults[name]);
  return (
    <details open={isOpen}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
