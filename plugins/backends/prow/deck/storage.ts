import type { Principal } from "../../../../core/principal.ts";
import type { Run, RunSummary } from "../../../../core/run.ts";
import { mayRead } from "../../../../core/access.ts";
import { buildFiles, type StoredFile, textFile } from "./build_files.ts";
import { type DeckContext, plainText } from "./deck.ts";
import type { Listing } from "./listing.ts";
import {
  buildPath,
  hasBuild,
  historyPath,
  parentPath,
  storageOf,
  type StorageView,
} from "./storage_layout.ts";

/** What a path of the bucket leads to. */
export type Stored =
  | { readonly kind: "file"; readonly file: StoredFile }
  | Listing;

/** A build and a path within its folder, empty for the folder itself. */
export type BuildPlace = { readonly run: Run; readonly rest: string };

/** The newest builds that a folder shows. */
const maxBuilds = 1000;

/** Numbers in a path that may be those of builds; more are not tried. */
const maxNumbers = 8;

const aliases = "pr-logs/directory/";
const latest = "/latest-build.txt";

/** The bucket as one reader sees it. */
export class Storage {
  readonly #context: DeckContext;
  readonly #view: StorageView;
  readonly #reader: Principal | null;

  constructor(
    context: DeckContext,
    view: StorageView,
    reader: Principal | null,
  ) {
    this.#context = context;
    this.#view = view;
    this.#reader = reader;
  }

  /** What is at a path, without slashes around it; null when nothing is. */
  async find(path: string): Promise<Stored | null> {
    const place = await this.findBuild(path);
    if (place !== null) return await this.#inBuild(place);
    const alias = await this.#alias(path);
    if (alias !== null) return { kind: "file", file: alias };
    if (!path.endsWith(latest)) return await this.#folder(path);
    const [newest] = await this.#builds(path.slice(0, -latest.length));
    if (newest === undefined) return null;
    return { kind: "file", file: await latestFile(path, newest) };
  }

  /**
   * The build whose folder a path is or is in. Whatever a job or a repository
   * is called, the folder is that of the run with the number, or no build's.
   */
  async findBuild(path: string): Promise<BuildPlace | null> {
    for (const { folder, number, rest } of buildsIn(path)) {
      const run = await this.#context.runs.findByNumber(number);
      if (run === null || buildPath(run) !== folder) continue;
      if (this.#isVisible(run)) return { run, rest };
    }
    return null;
  }

  async #inBuild({ run, rest }: BuildPlace): Promise<Stored | null> {
    const files = await buildFiles(this.#context, run, this.#view);
    const file = files.get(rest);
    if (file !== undefined) return { kind: "file", file };
    const root = buildPath(run);
    const path = rest === "" ? root : `${root}/${rest}`;
    const all = Array.from(files.values(), (each) => ({
      ...each,
      name: `${root}/${each.path}`,
      updatedAt: each.createdAt,
    })).filter(({ name }) => name.startsWith(`${path}/`));
    if (all.length === 0) return null;
    const child = (name: string) =>
      `${path}/${name.slice(path.length + 1).split("/")[0]}`;
    const folders = all.map(({ name }) => name).filter((name) =>
      child(name) !== name
    ).map(child);
    return {
      kind: "folder",
      path,
      parent: parentPath(path),
      folders: Array.from(new Set(folders)).sort(),
      files: all.filter(({ name }) => child(name) === name)
        .sort((a, b) => a.name < b.name ? -1 : 1),
    };
  }

  /** `pr-logs/directory/JOB/BUILD.txt` says where a presubmit's build is. */
  async #alias(path: string): Promise<StoredFile | null> {
    const match = /^(pr-logs\/directory\/.+)\/([1-9]\d{0,14})\.txt$/.exec(path);
    if (match === null) return null;
    const run = await this.#context.runs.findByNumber(Number(match[2]));
    if (
      run === null || historyPath(run) !== match[1] || !this.#isVisible(run)
    ) {
      return null;
    }
    const { gcsPath } = storageOf(run, this.#view);
    return await textFile(path, gcsPath, run.createdAt);
  }

  /** The folder of a job, with its builds. */
  async #folder(path: string): Promise<Stored | null> {
    const builds = await this.#builds(path);
    const [newest] = builds;
    if (newest === undefined) return null;
    const isDirectory = path.startsWith(aliases);
    const latestBuild = await latestFile(`${path}${latest}`, newest);
    const aliasFiles = builds.map((run) => ({
      name: `${path}/${run.number}.txt`,
      sizeBytes: storageOf(run, this.#view).gcsPath.length,
      contentType: plainText,
      updatedAt: run.createdAt,
    }));
    return {
      kind: "folder",
      path,
      parent: null,
      folders: isDirectory ? [] : builds.map(buildPath),
      files: [
        { ...latestBuild, name: latestBuild.path, updatedAt: newest.createdAt },
        ...isDirectory ? aliasFiles : [],
      ],
    };
  }

  /** The builds of the job whose folder a path is, newest first. */
  async #builds(folder: string): Promise<RunSummary[]> {
    for (const job of jobsOf(folder)) {
      const runs = await this.#context.runs.summaries(
        { job, limit: maxBuilds },
        ["type", "refs"],
      );
      const builds = runs.filter((run) =>
        this.#isVisible(run) &&
        (parentPath(buildPath(run)) === folder || historyPath(run) === folder)
      );
      if (builds.length > 0) return builds;
    }
    return [];
  }

  #isVisible(run: RunSummary): boolean {
    return hasBuild(run) && mayRead(run, this.#reader);
  }
}

/** Every way to take a number in a path for a build's. */
function buildsIn(path: string) {
  const parts = path.split("/");
  return parts.flatMap((part, at) =>
    /^[1-9]\d{0,14}$/.test(part)
      ? [{
        folder: parts.slice(0, at + 1).join("/"),
        number: Number(part),
        rest: parts.slice(at + 1).join("/"),
      }]
      : []
  ).slice(0, maxNumbers);
}

/** The jobs whose folder a path may be. */
function jobsOf(folder: string): string[] {
  if (folder.startsWith("logs/")) return [folder.slice("logs/".length)];
  if (folder.startsWith(aliases)) return [folder.slice(aliases.length)];
  if (!folder.startsWith("pr-logs/pull/")) return [];
  const parts = folder.split("/");
  return parts.flatMap((part, at) =>
    /^-?\d+$/.test(part) && at < parts.length - 1
      ? [parts.slice(at + 1).join("/")]
      : []
  ).slice(0, maxNumbers);
}

function latestFile(path: string, run: RunSummary): Promise<StoredFile> {
  return textFile(path, String(run.number), run.createdAt);
}
