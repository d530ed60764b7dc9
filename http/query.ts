import * as z from "zod";

/**
 * The query of a native route: a parameter that the route does not know is
 * refused with those that it does, since a filter that is misspelt and ignored
 * shows too much. Dialects ignore what the original ignores.
 */
export function nativeQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const unknown = (issue.keys ?? []).map((key) => JSON.stringify(key));
      return known === ""
        ? `unknown parameter ${unknown.join(", ")}; this path takes none`
        : `unknown parameter ${unknown.join(", ")}; use ${known}`;
    },
  });
}
