/**
 * `${{ … }}` in the values of `env`: an input, or one of a few facts.
 * @module
 */

/** What expressions may name. */
export type Context = {
  readonly inputs: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<(typeof facts)[number], string>>;
};

const facts = ["actor", "ref_name", "repository", "workflow"] as const;

const expression = /\$\{\{(.*?)\}\}/gs;

/** What is wrong with the expressions of a value; `inputs` are the names that there are. */
export function expressionFaults(
  value: string,
  inputs: readonly string[],
): string[] {
  return [...value.matchAll(expression)].flatMap(([whole, inner = ""]) => {
    const input = inputName(inner);
    if (input !== null && inputs.includes(input)) return [];
    if (input === null && factName(inner) !== null) return [];
    return [
      `env: ${whole} is not understood; there are inputs.${
        inputs.join(", inputs.") || "NAME (none is declared)"
      } and github.${facts.join(", github.")}`,
    ];
  });
}

/** The value with its expressions filled in. What they stand for is not looked through again. */
export function fillIn(value: string, { inputs, github }: Context): string {
  return value.replaceAll(expression, (_whole, inner: string) => {
    const input = inputName(inner);
    if (input !== null) return inputs[input] ?? "";
    const fact = factName(inner);
    return fact === null ? "" : github[fact];
  });
}

function inputName(inner: string): string | null {
  return /^(?:github\.event\.)?inputs\.([A-Za-z_][\w-]*)$/
    .exec(inner.trim())?.[1] ?? null;
}

function factName(inner: string): (typeof facts)[number] | null {
  const name = /^github\.(\w+)$/.exec(inner.trim())?.[1];
  return facts.find((fact) => fact === name) ?? null;
}
