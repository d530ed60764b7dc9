/**
 * Holds the table of who may import whom (docs/architecture.md).
 *
 * `deno task check` runs it; it exits 1 and names each forbidden import.
 */
import * as z from "zod";
import { tell } from "./script.ts";

/** What each folder may import of ours, beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  http: ["core"],
  db: ["core"],
  plugins: ["core", "http", "ui"],
  examples: ["core", "http", "ui"],
  ui: ["core", "http"],
  routes: ["core", "http", "db", "ui"],
  runner: ["core"],
  cli: ["core"],
};

/** All that plugins may import of the pages: what theirs are made of. */
const kit = "ui/kit/mod.ts";

/** Files that only runners may load. */
const runnerOnly =
  /^(runner\/|runner\.config\.ts|(plugins\/backends|examples)\/[^/]+\/(executor[^/]*\.ts|pod\/))/;

const graphSchema = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    dependencies: z.array(z.object({
      code: z.object({ specifier: z.string().optional() }).optional(),
      type: z.object({ specifier: z.string().optional() }).optional(),
    })).default([]),
  })),
});

/** `isType`: the import is gone when the program runs. */
type Edge = {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
};

const root = new URL("../", import.meta.url).href;
const faults = [...await folderFaults(), ...await serverFaults()];
for (const fault of faults) tell(fault);
tell(
  faults.length === 0
    ? "imports: as the table allows"
    : `imports: ${faults.length} forbidden`,
);
if (faults.length > 0) Deno.exit(1);

async function folderFaults(): Promise<string[]> {
  const edges = new Map<string, Edge>();
  // A graph has all that is reachable: what it met already needs none of its own.
  const met = new Set<string>();
  for await (const file of sources()) {
    if (met.has(file)) continue;
    for (const edge of await graph(file)) {
      edges.set(`${edge.from} ${edge.to}`, edge);
      met.add(edge.from);
    }
  }
  return [...edges.values()].filter((edge) => !isAllowed(edge)).map((
    { from, to },
  ) => `${from} must not import ${to}`);
}

/** Nothing that the server loads is a runner's, or needs Node. */
async function serverFaults(): Promise<string[]> {
  const edges = (await Promise.all(["main.ts", ...await examples()].map(graph)))
    .flat();
  return edges
    .filter(({ to, isType }) =>
      !isType && (runnerOnly.test(to) || to.startsWith("node:"))
    ).map(({ from, to }) =>
      `${from} must not import ${to}: a server reaches it`
    );
}

/** Backends that a deployment may load: what a server reaches of them counts as its own. */
async function examples(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of sources("examples/")) {
    if (/^examples\/[^/]+\/mod\.ts$/.test(file)) found.push(file);
  }
  return found;
}

function isAllowed({ from, to }: Edge): boolean {
  if (/_test\.tsx?$/.test(from) || !to.includes("/") || to.includes(":")) {
    return true;
  }
  const [home = "", target = ""] = [from, to].map((path) =>
    path.split("/")[0] ?? ""
  );
  const ofPlugin = home === "plugins" || home === "examples";
  if (ofPlugin && target === "ui") return to === kit;
  if (home !== target) return allowed[home]?.includes(target) ?? true;
  return !ofPlugin || plugin(from) === plugin(to);
}

/** `plugins/KIND/NAME`, `examples/NAME`. */
function plugin(path: string): string {
  return path.split("/").slice(0, path.startsWith("examples/") ? 2 : 3).join(
    "/",
  );
}

async function* sources(directory = ""): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(directory || ".", root))) {
    const path = `${directory}${entry.name}`;
    if (entry.isDirectory && Object.hasOwn(allowed, path.split("/")[0] ?? "")) {
      yield* sources(`${path}/`);
    }
    if (entry.isFile && /\.tsx?$/.test(path) && path.includes("/")) yield path;
  }
}

/** Every import that is reachable from a file, as paths within the repository or full specifiers. */
async function graph(file: string): Promise<Edge[]> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", file],
    cwd: new URL(root),
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot read the imports of ${file}`);
  const { modules } = graphSchema.parse(
    JSON.parse(new TextDecoder().decode(stdout)),
  );
  return modules.flatMap(({ specifier, dependencies }) =>
    dependencies.flatMap(({ code, type }) => {
      const to = code?.specifier ?? type?.specifier;
      if (to === undefined || to.startsWith("npm:")) return [];
      return [{
        from: local(specifier),
        to: local(to),
        isType: code === undefined,
      }];
    })
  );
}

function local(specifier: string): string {
  return specifier.startsWith(root) ? specifier.slice(root.length) : specifier;
}
