/**
 * `deno task new:backend NAME`: a folder of a backend that works, to be changed
 * into one's own (docs/plugins.md).
 *
 * @module
 */
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";

const help = `Usage: deno task new:backend NAME

Writes plugins/backends/NAME: a backend that runs commands, its executor and its
tests, which pass at once. NAME is a-z, 0-9 and _, and begins with a letter.`;

const template = new URL("./new_backend/template/", import.meta.url);
const plugins = new URL("../plugins/", import.meta.url);

/** Names of the core's own migrations, and of the folder that the new ones are made of. */
const reserved = ["core", "template"];

/** Words that no variable can be called. */
const keyword =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

const maxNameLength = 40;

/** What is wrong with a backend's name as such, or null. */
export function backendNameFault(name: string): string | null {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    return "a name is made of a-z, 0-9 and single '_' between them, and begins with a letter, such as my_backend";
  }
  if (name.length > maxNameLength) {
    return `a name has at most ${maxNameLength} characters`;
  }
  return reserved.includes(name) || keyword.test(name)
    ? "it has another meaning; choose another name"
    : null;
}

/** `my_backend` as a variable: `myBackend`. */
export function toVariable(name: string): string {
  return name.replaceAll(
    /_([a-z0-9])/g,
    (_, letter: string) => letter.toUpperCase(),
  );
}

/** A file of the template for a backend of that name. */
export function fillIn(text: string, name: string): string {
  return text.replaceAll("templateRoutes", `${toVariable(name)}Routes`)
    .replaceAll("import template ", `import ${toVariable(name)} `)
    .replaceAll("template()", `${toVariable(name)}()`)
    .replaceAll("template", name);
}

async function main(args: readonly string[]): Promise<void> {
  const { words } = readArguments("make a backend", args, {});
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) {
    throw new UsageError("Cannot make a backend: expected one NAME");
  }
  const cannot = `Cannot make the backend ${JSON.stringify(name)}:`;
  const fault = backendNameFault(name);
  if (fault !== null) throw new UsageError(`${cannot} ${fault}`);
  for (const kind of ["backends", "auth"]) {
    if (await exists(new URL(`${kind}/${name}`, plugins))) {
      throw new Error(
        `${cannot} plugins/${kind}/${name} is there already; choose another name`,
      );
    }
  }
  await write(name);
  tell(`plugins/backends/${name} is a backend whose tests pass. Next:`);
  print(nextSteps(name));
}

/** Writes all files or none. */
async function write(name: string): Promise<void> {
  // Beside its place, where imports lead to the same files.
  const fresh = new URL(`backends/.${name}-${crypto.randomUUID()}/`, plugins);
  try {
    await Deno.mkdir(fresh);
    for await (const { name: file } of Deno.readDir(template)) {
      const text = await Deno.readTextFile(new URL(file, template));
      await Deno.writeTextFile(new URL(file, fresh), fillIn(text, name), {
        createNew: true,
      });
    }
    await format(fresh);
    await Deno.rename(fresh, new URL(`backends/${name}`, plugins));
  } catch (error) {
    await Deno.remove(fresh, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** A longer name may want other line breaks. */
async function format(folder: URL): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", decodeURIComponent(folder.pathname)],
    cwd: new URL("../", import.meta.url),
  }).output();
  if (success) return;
  throw new Error(
    `Cannot format the new backend: ${new TextDecoder().decode(stderr)}`,
  );
}

function nextSteps(name: string): string {
  const variable = toVariable(name);
  return `1. Load it:
   slipway.config.ts   import ${variable} from "./plugins/backends/${name}/mod.ts";
                       and ${variable}() among the backends
   runner.config.ts    import { command as ${variable}Command } from "./plugins/backends/${name}/executor.ts";
                       and ${variable}Command among the executors
2. Try it:
   deno test -A plugins/backends/${name} && SLIPWAY_EXECUTORS=${name}:command deno task start
   then change it into your own: docs/plugins.md`;
}

async function exists(url: URL): Promise<boolean> {
  try {
    await Deno.lstat(url);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) await runScript(help, main);
