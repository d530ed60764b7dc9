import { Choice, Field } from "./kit/form.tsx";
import { type ReadFilter, stateChoices } from "./run_filter.ts";

/** The form of `/runs`, with what was typed. A backend that is chosen has its own facets alone. */
export function FilterForm(
  { read, backends }: {
    read: ReadFilter;
    backends: readonly string[];
  },
) {
  const typed = { values: read.typed, faults: read.faults };
  const common = { typed, any: "any" };
  return (
    <form class="filter" action="/runs" method="get" role="search">
      <Choice {...common} name="backend" label="Backend" choices={backends} />
      <Field name="job" label="Job or package" typed={typed} />
      <Choice {...common} name="state" label="State" choices={stateChoices} />
      <Field name="owner" label="Owner" typed={typed} />
      {read.facets.map(({ name, label, hint }) => (
        <Field
          name={name}
          label={label}
          typed={typed}
          {...hint !== undefined && { hint }}
        />
      ))}
      <Field name="from" label="From (UTC)" typed={typed} hint="2026-01-31" />
      <Field name="to" label="To (UTC)" typed={typed} hint="2026-01-31" />
      <button type="submit">Filter</button>
      <a href="/runs">Reset</a>
    </form>
  );
}
