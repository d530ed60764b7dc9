import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import {
  Choice,
  Field,
  OnceField,
  PostForm,
  type Typed,
} from "../../../ui/kit/mod.ts";
import { lifetimes } from "./lifetime.ts";

/** The form for a new token. */
export function MakeForm(
  { c, path, formId, groups, mayName, backends, typed }: {
    c: Context<AppEnv>;
    /** Of the page. */
    path: string;
    formId: string;
    /** Names of those to choose from. */
    groups: readonly string[];
    /** Whether any group may be named, a new one too. */
    mayName: boolean;
    /** Names of those that are loaded. */
    backends: readonly string[];
    typed: Typed;
  },
) {
  return (
    <PostForm c={c} action={path} class="form">
      <OnceField id={formId} />
      {mayName
        ? (
          <Field
            name="group"
            label="Group"
            hint="ci-bots"
            help="Whom the token stands for. A new group may read, create and cancel."
            typed={typed}
            required
          />
        )
        : <Choice name="group" label="Group" choices={groups} typed={typed} />}
      <Field
        name="description"
        label="What it is for"
        hint="nightly"
        typed={typed}
      />
      <Field
        name="expires"
        label="Lives for"
        help={`Either ${lifetimes}.`}
        typed={typed}
      />
      <details open={isNarrowed(typed)}>
        <summary>Narrow it</summary>
        <Narrowing backends={backends} typed={typed} />
      </details>
      <button type="submit">Make token</button>
    </PostForm>
  );
}

function isNarrowed({ values, faults }: Typed): boolean {
  const names = ["scope", "jobs", "backends"];
  return names.some((name) => values[name] || faults[name] !== undefined);
}

function Narrowing(
  { backends, typed }: { backends: readonly string[]; typed: Typed },
) {
  return (
    <div class="form">
      <Field
        name="scope"
        label="Permissions"
        hint="executions:create executions:read"
        help="With spaces between. Empty: it may read, create and cancel, as far as its group may."
        typed={typed}
      />
      <Field
        name="jobs"
        label="Jobs or packages"
        hint="periodic-*"
        rows={3}
        help="One a line; * stands for any characters, ? for one. Empty: all."
        typed={typed}
      />
      <Backends backends={backends} typed={typed} />
    </div>
  );
}

function Backends(
  { backends, typed: { values, faults } }: {
    backends: readonly string[];
    typed: Typed;
  },
) {
  const chosen = (values.backends ?? "").split(" ");
  return (
    <fieldset>
      <legend>Backends</legend>
      {backends.map((name) => (
        <label>
          <input
            type="checkbox"
            name="backends"
            value={name}
            checked={chosen.includes(name)}
          />
          {name}
        </label>
      ))}
      <small>None chosen: all.</small>
      {faults.backends !== undefined && (
        <small class="fault">{faults.backends}</small>
      )}
    </fieldset>
  );
}
