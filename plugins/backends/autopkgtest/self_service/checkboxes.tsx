import { Name, visible } from "../../../../ui/kit/mod.ts";

/** Several of some words: a box to tick for each. */
export function Checkboxes(
  { name, legend, choices, ticked, fault, help, words = {} }: {
    name: string;
    legend: string;
    choices: readonly string[];
    ticked: readonly string[];
    fault?: string | undefined;
    help?: string;
    /** What stands beside a box, where that is not its value. */
    words?: Readonly<Record<string, string>>;
  },
) {
  // What was asked for stays, though it is not offered.
  const all = [
    ...choices,
    ...new Set(ticked.filter((each) => !choices.includes(each))),
  ];
  const id = `${name.replace("[]", "")}-fault`;
  return (
    <fieldset
      class="boxes"
      aria-describedby={fault === undefined ? undefined : id}
    >
      <legend>{legend}</legend>
      {all.map((each) => (
        <label>
          <input
            type="checkbox"
            class="tick"
            name={name}
            value={each}
            checked={ticked.includes(each)}
          />
          <Name text={words[each] ?? each} />
        </label>
      ))}
      {help !== undefined && <small>{help}</small>}
      {fault !== undefined && (
        <small class="fault" id={id}>{visible(fault)}</small>
      )}
    </fieldset>
  );
}
