import type { RouteConfig } from "@hono/zod-openapi";
import * as z from "zod";
import { type Access, guarded } from "../../../http/guard.ts";
import type { Options } from "./options.ts";

/** What speaks debci's dialect beside its API. */
export const dataPrefixes: readonly string[] = [
  "/data/autopkgtest",
  "/data/status",
  "/data/packages",
  "/data/feeds",
];

const tags = ["Package tests (debci): files"];
const missing = {
  404: {
    description: "There is no such file, or none that you may see",
    content: { "text/html": { schema: z.string() } },
  },
};

/** Handlers write the answers themselves, so that the type says nothing. */
function orMissing(
  responses: RouteConfig["responses"],
): RouteConfig["responses"] {
  return { ...responses, ...missing };
}

/** What the routes below `/data` take: nothing, where public data is open to all. */
function access({ publicData }: Options): Access {
  return publicData ? "public" : "tests:read";
}

/** Where a run's files are. */
const folder = "/data/autopkgtest/{suite}/{arch}/{prefix}/{package}/{run}";

/** Declares a file that is read by GET. */
function file<Path extends string>(
  options: Options,
  path: Path,
  summary: string,
  responses: RouteConfig["responses"],
) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return guarded(access(options), {
    method: "get",
    path,
    summary,
    tags,
    parameters: names.map((name) => ({
      name,
      in: "path" as const,
      required: true,
      schema: { type: "string" as const },
    })),
    responses: orMissing(responses),
  });
}

function json(
  description: string,
  schema: z.ZodType,
): RouteConfig["responses"] {
  return { 200: { description, content: { "application/json": { schema } } } };
}

const test = z.record(z.string(), z.unknown());
const count = z.object({
  pass: z.int(),
  fail: z.int(),
  neutral: z.int(),
  tmpfail: z.int(),
  total: z.int(),
  date: z.string(),
});

/** The files of a run in debci's layout. */
export function runFileOperations(options: Options) {
  const page = {
    200: {
      description: "A page of links",
      content: { "text/html": { schema: z.string() } },
    },
  };
  return {
    showFile: file(options, `${folder}/{file}`, "Download a file of a test", {
      200: {
        description:
          "log.gz (text in gzip's encoding), artifacts.tar.gz, exitcode, duration, testpkg-version, testbed-packages, testinfo.json or summary; Range asks for a part of it",
      },
      206: { description: "The part that was asked for" },
      416: { description: "The part lies behind the end" },
    }),
    listFiles: file(options, `${folder}`, "List the files of a test", page),
    listFolder: file(options, `${folder}/`, "List the files of a test", page),
  };
}

/** How packages do, now and before. */
export function statusOperations(options: Options) {
  const status = "/data/status/{suite}/{arch}";
  const tests = z.array(test);
  return {
    showPackages: file(
      options,
      `${status}/packages.json`,
      "List the newest result of each package",
      json("Public tests without pins, by package", tests),
    ),
    showStatus: file(
      options,
      `${status}/status.json`,
      "Count the packages by status",
      json("The counts now", count),
    ),
    showHistory: file(
      options,
      `${status}/history.json`,
      "Count the packages by status at the end of each day",
      json("The counts by day", z.array(count)),
    ),
    showDay: file(
      options,
      `${status}/{year}/{month}/{day}`,
      "Count the packages by status at the end of a day: DD.json",
      json("The counts", count),
    ),
    showPackage: file(
      options,
      "/data/packages/{prefix}/{package}/{file}",
      "List the newest results of a package: SUITE-ARCH.json",
      json("Public tests, newest first", tests),
    ),
    showFeed: file(
      options,
      "/data/feeds/{prefix}/{file}",
      "Follow how a package does: PACKAGE.xml",
      {
        200: {
          description: "An Atom feed (RFC 4287) of the newest changes",
          content: { "application/atom+xml": { schema: z.string() } },
        },
      },
    ),
  };
}
