import type { Json } from "../../../../core/json.ts";
import type { BatchFault } from "../batch.ts";
import type { ItemFault } from "../item_fault.ts";
import type { Options } from "../options.ts";
import type { Params } from "../params.ts";

/** The form of one test as it was typed, by debci's names of its fields (wire 2.1); each value is trimmed. */
export type TestForm = {
  readonly package: string;
  readonly suite: string;
  readonly archs: readonly string[];
  readonly trigger: string;
  /** A line for each suite: `src:foo, bar, testing` or `src:foo,bar=testing`. */
  readonly pins: string;
  readonly sources: readonly string[];
  readonly isPrivate: string;
  readonly priority: string;
};

/** Where in the form something is wrong, by the fields' names. */
export type FormFaults = Readonly<Record<string, string>>;

/** Reads the form, or a link that fills it in beforehand. */
export function readTestForm(fields: URLSearchParams): TestForm {
  const one = (name: string) => fields.get(name)?.trim() ?? "";
  const several = (name: string) =>
    [...fields.getAll(name), ...fields.getAll(`${name}[]`)]
      .map((value) => value.trim()).filter((value) => value !== "");
  return {
    package: one("package"),
    suite: one("suite"),
    archs: several("arch"),
    trigger: one("trigger"),
    pins: one("pin_packages"),
    sources: several("extra_apt_sources"),
    isPrivate: one("is_private"),
    priority: one("priority"),
  };
}

/** The form as a batch of one request: what debci exports and takes as an upload. */
export function toBatchJson(form: TestForm): Json[] {
  return [{
    arch: [...form.archs],
    suite: form.suite,
    tests: [{
      trigger: form.trigger === "" ? null : form.trigger,
      package: form.package,
      is_private: toBoolean(form.isPrivate),
      "extra-apt-sources": [...form.sources],
      "pin-packages": toPins(form.pins),
    }],
  }];
}

/** What the dialect's own parameters say, for a form's. */
export function toParams(values: Readonly<Record<string, string>>): Params {
  return new Map(
    Object.entries(values).filter(([, text]) => text !== "")
      .map(([name, text]) => [name, { kind: "text", text }]),
  );
}

/** What is wrong with the one request of a form, in words for beside its fields. */
export function toFormFaults(
  faults: readonly BatchFault[],
  form: TestForm,
  options: Options,
): FormFaults {
  const said: Record<string, string> = {};
  for (const fault of faults) {
    const [field, text] = fault.part === "test"
      ? testFault(fault.fault)
      : placeFault(fault.part, form, options);
    said[field] ??= text;
  }
  return said;
}

function placeFault(
  part: "suite" | "arch" | "tests",
  { suite, archs }: TestForm,
  { suites, architectures }: Options,
): [field: string, text: string] {
  switch (part) {
    case "suite":
      return [
        "suite",
        suite === ""
          ? "Choose a suite"
          : `There is no suite ${suite}; choose one of ${suites.join(", ")}`,
      ];
    case "arch":
      return [
        "arch",
        archs.length === 0
          ? "Tick an architecture, or several"
          : `Tick only what there is: ${architectures.join(", ")}`,
      ];
    case "tests":
      return ["package", "Name a package"];
    default:
      return part satisfies never;
  }
}

function testFault(fault: ItemFault): [field: string, text: string] {
  switch (fault.kind) {
    case "package":
      return [
        "package",
        "Write the name of a source package, such as hello: at least two of a-z, 0-9, +, . and -, the first a letter or digit",
      ];
    case "is_private":
      return ["is_private", "Send true or false"];
    case "trigger":
      return [
        "trigger",
        "Write at most 100000 characters, none of them invisible as NUL is",
      ];
    case "sources":
      return [
        "extra_apt_sources",
        `There are no such sources that you may use: ${
          fault.names?.join(", ") ?? ""
        }; untick them`,
      ];
    case "pins":
      return ["pin_packages", `Cannot read the pins: ${fault.why}`];
    default:
      return fault satisfies never;
  }
}

function toBoolean(text: string): boolean | string {
  if (text === "true" || text === "on") return true;
  return text === "" || text === "false" ? false : text;
}

/** Pins a line each: packages and their suite, between commas, or the suite behind a `=`. */
function toPins(text: string): string[][] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/[,=]/).map((word) => word.trim()));
}
