/**
 * Puts the values of variables in place of `$(NAME)` as Kubernetes does in
 * commands, arguments and environment values: `$$` is a dollar sign, and a
 * reference to what is not defined stays as it is.
 */
export function expand(
  text: string,
  variables: ReadonlyMap<string, string>,
): string {
  return text.replace(
    /\$(?:\$|\(([^)]*)\))/g,
    (reference, name: string | undefined) =>
      name === undefined ? "$" : variables.get(name) ?? reference,
  );
}
