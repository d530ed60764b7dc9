import { packageName } from "./name.ts";

/** Where a package's source comes from. */
export type Source =
  | { readonly kind: "tree"; readonly path: string }
  /** autopkgtest fetches it by name with the testbed's apt. */
  | { readonly kind: "archive" }
  | { readonly kind: "faulty"; readonly reason: string };

/**
 * Looks for a source tree by the package's name in `trees`, the folder of
 * `SLIPWAY_PACKAGE_TREES`; a package that is not there comes from the archive.
 */
export async function findSource(
  name: string,
  trees: string | undefined,
): Promise<Source> {
  if (!packageName.test(name)) {
    return { kind: "faulty", reason: "the package's name is not one" };
  }
  if (!trees) return { kind: "archive" };
  const path = await realPath(`${trees}/${name}`);
  if (path === null) return { kind: "archive" };
  const control = await realPath(`${path}/debian/control`);
  return control === null
    ? {
      kind: "faulty",
      reason:
        `Cannot test ${name}: its source tree ${path} has no debian/control`,
    }
    : { kind: "tree", path };
}

/**
 * Whether a tree's tests want packages installed, so that the testbed must ask
 * the archive first what there is. Without a control file autodep8 writes one,
 * which does.
 */
export async function wantsPackages(tree: string): Promise<boolean> {
  try {
    return controlWantsPackages(
      await Deno.readTextFile(`${tree}/debian/tests/control`),
    );
  } catch {
    return true;
  }
}

/** Reads a `debian/tests/control`: a test without `Depends` depends on the package's binaries. */
export function controlWantsPackages(control: string): boolean {
  const paragraphs = control.replaceAll(/^#.*\n?/gm, "").split(/\n[ \t]*\n/)
    .filter((paragraph) => paragraph.trim() !== "");
  return paragraphs.some((paragraph) => {
    const depends = field(paragraph, "Depends");
    return depends === undefined || depends.trim() !== "" ||
      /\bbuild-needed\b/.test(field(paragraph, "Restrictions") ?? "");
  });
}

/** A field's value with the lines that continue it. */
function field(paragraph: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, "im").exec(paragraph)?.[1];
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch {
    return null;
  }
}
