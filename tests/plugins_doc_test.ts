/** docs/plugins.md, followed to the letter in a checkout of its own. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parsePage } from "./pages.ts";
import { root } from "./paths.ts";
import { copyRepository, type RepositoryCopy } from "./repository_copy.ts";
import { startSlipway } from "./slipway.ts";

/** A fenced block: what stands behind its language, and its text. */
type Block = {
  readonly language: string;
  readonly note: string;
  readonly text: string;
};

const blocks = readBlocks(await Deno.readTextFile(`${root}/docs/plugins.md`));

function readBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([^]*?\n)```$/gm)].map(
    ([, language = "", note = "", text = ""]) => ({ language, note, text }),
  );
}

function script(note: string): string {
  const [found, ...others] = blocks.filter((block) =>
    block.language === "sh" && block.note === note
  );
  assert(found !== undefined && others.length === 0, note);
  return found.text;
}

/** Files, and lines in files that there are. */
async function follow(copy: RepositoryCopy): Promise<void> {
  await Deno.mkdir(copy.path("plugins/backends/script"));
  for (const { language, note, text } of blocks) {
    if (language === "diff") {
      await copy.edit(note, (before) => patched(before, text));
    } else if (language !== "sh") {
      await Deno.writeTextFile(copy.path(note), text, { createNew: true });
    }
  }
}

function patched(before: string, diff: string): string {
  const side = (left: string) =>
    diff.split("\n").filter((line) => line.startsWith(left) || line[0] === " ")
      .map((line) => `${line.slice(1)}\n`).join("");
  assertEquals(before.split(side("-")).length, 2, `${diff} fits once`);
  return before.replace(side("-"), () => side("+"));
}

async function bash(
  text: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", text],
    cwd,
    env: { ...env, NO_COLOR: "1", PATH: `${folder}:${Deno.env.get("PATH")}` },
  }).output();
  const decoder = new TextDecoder();
  const printed = `${decoder.decode(stdout)}${decoder.decode(stderr)}`;
  assertEquals(code, 0, printed);
  return printed;
}

Deno.test("whoever follows docs/plugins.md has a backend that conforms, runs, and is on the pages", async () => {
  for (const { language, note } of blocks) {
    assert(note !== "", `a block of ${language} says what it is for`);
  }
  await using copy = await copyRepository();
  await follow(copy);
  await bash(script("test"), copy.folder);

  const start = /^(\w+)=(\S+) deno task start\n$/.exec(script("start"));
  const [, variable = "", value = ""] = start ?? [];
  await using slipway = await startSlipway({ [variable]: value }, copy.folder);
  const token = /^export TOKEN=(\S+)$/m.exec(slipway.printed.join("\n"))?.[1] ??
    "";
  const tried = await bash(
    script("try").replaceAll("http://127.0.0.1:8000", slipway.url)
      .replaceAll(/(http:\/\/[^/\s]+)\/(?=\/)/g, "$1"),
    copy.folder,
    { TOKEN: token, HOME: copy.folder, DENO_DIR: denoDir() },
  );
  assertEquals(tried.split("\n").filter(isGreeting).length, 2, tried);
  assertStringIncludes(tried, "Run 1 of hello passed");
  assertStringIncludes(tried, "Run 2 of hello passed");

  const page = async (path: string) => {
    const headers = { authorization: `Bearer ${token}`, accept: "text/html" };
    const response = await fetch(new URL(path, slipway.url), { headers });
    const document = parsePage(await response.text());
    return document.querySelector("body")?.textContent ?? "";
  };
  assertStringIncludes(await page("/runs/1"), "Interpreter");
  const scripts = await page("/scripts");
  for (const text of ["Scripts", "#1", "#2"]) {
    assertStringIncludes(scripts, text);
  }
  assertStringIncludes(await page("/docs"), "/backends/script/runs/{number}");
});

function isGreeting(line: string): boolean {
  return line === "Hello from a script";
}

/** Where the modules are kept that were loaded already, whatever HOME is. */
function denoDir(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
