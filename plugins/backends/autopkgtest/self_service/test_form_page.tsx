import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { Principal } from "../../../../core/principal.ts";
import {
  answerPage,
  Choice,
  Field,
  FormFault,
  PostForm,
  type Typed,
} from "../../../../ui/kit/mod.ts";
import { refusedSources } from "../extra_source.ts";
import type { Options } from "../options.ts";
import { defaultPriority } from "../target.ts";
import { Checkboxes } from "./checkboxes.tsx";
import { ownPath } from "./path.ts";
import { Tabs } from "./tabs.tsx";
import type { FormFaults, TestForm } from "./test_form.ts";
import { UploadForm, type UploadState } from "./upload_form.tsx";

/** What the page shows of a form that was sent: as it was typed, with what is wrong. */
export type FormState = {
  readonly form: TestForm;
  readonly faults?: FormFaults;
};

/** The page from which tests are asked for, as a form or as JSON. */
export function answerTestForm(
  c: Context<AppEnv>,
  options: Options,
  { form, faults = {} }: FormState,
  upload: UploadState = {},
): Response {
  const { name } = c.var.principal;
  const isFaulty = Object.keys(faults).length > 0 || upload.fault !== undefined;
  return answerPage(c, {
    title: "Request a test",
    children: (
      <>
        <h1>Request a test</h1>
        <Tabs c={c} />
        <div class="columns">
          <section aria-labelledby="form-title">
            <h2 id="form-title">One package</h2>
            <PostForm
              c={c}
              action={ownPath(name, "/test/submit")}
              class="form"
              once
            >
              <FormFault text={summaryOf(faults)} />
              <Fields {...{ form, faults, options }} reader={c.var.principal} />
              <div class="actions">
                <button type="submit">Request the test</button>
                <button type="submit" name="export" value="1">
                  Export as JSON
                </button>
              </div>
            </PostForm>
          </section>
          <UploadForm c={c} state={upload} />
        </div>
      </>
    ),
  }, isFaulty ? 400 : 200);
}

function summaryOf(faults: FormFaults): string | undefined {
  return Object.keys(faults).length === 0
    ? undefined
    : "Nothing was asked for yet: mend what is said below";
}

function Fields(
  { form, faults, options, reader }: {
    form: TestForm;
    faults: FormFaults;
    options: Options;
    reader: Principal;
  },
) {
  const { pins, archs, sources, isPrivate, ...values } = form;
  const typed: Typed = { values: { ...values, pin_packages: pins }, faults };
  const names = Object.keys(options.extraAptSources);
  const refused = refusedSources(names, options.extraAptSources, reader);
  const allowed = names.filter((each) => !refused.includes(each));
  return (
    <>
      <Field
        name="package"
        label="Source package"
        typed={typed}
        hint="hello"
        required
      />
      <Choice
        name="suite"
        label="Suite"
        typed={typed}
        choices={options.suites}
      />
      <Checkboxes
        name="arch[]"
        legend="Architectures"
        choices={options.architectures}
        ticked={archs}
        fault={faults.arch}
      />
      <Field
        name="trigger"
        label="Trigger (optional)"
        typed={typed}
        help="What made you ask, such as a package and its version; it is shown with the result"
      />
      <Field
        name="pin_packages"
        label="Pinned packages (optional)"
        typed={typed}
        rows={2}
        hint="src:glibc, testing"
        help="A line for each other suite: packages and, last, the suite they are to come from"
      />
      {(allowed.length > 0 || sources.length > 0) && (
        <Checkboxes
          name="extra_apt_sources[]"
          legend="Extra apt sources (optional)"
          choices={allowed}
          ticked={sources}
          fault={faults.extra_apt_sources}
        />
      )}
      <Checkboxes
        name="is_private"
        legend="Private (optional)"
        choices={["true"]}
        words={{ true: "Only I may see it" }}
        ticked={isPrivate === "" || isPrivate === "false" ? [] : ["true"]}
        fault={faults.is_private}
        help="Until you publish it"
      />
      <Field
        name="priority"
        label="Priority"
        typed={typed}
        type="number"
        hint={String(defaultPriority)}
        help="1 to 10, larger goes first; 5 when left empty"
      />
    </>
  );
}
