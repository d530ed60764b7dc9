import * as z from "zod";
import { guarded } from "../../../http/guard.ts";

/**
 * debci's routes as the OpenAPI document shows them. Parameters and bodies are
 * declared in OpenAPI's own terms and not as schemas: debci tells by its own texts what is
 * wrong with them, and ignores a body of another type.
 * @module
 */

/** The group of debci's operations in the OpenAPI document. */
export const tags = ["Package tests (debci)"];

/** The content of plain texts. */
export const text = { "text/html": { schema: z.string() } };
/** How every operation may refuse. */
export const refused = {
  400: { description: "Refused, as plain text that says why", content: text },
  403: {
    description: "No valid credential (`Invalid key`), or no permission",
    content: text,
  },
};
/** What a write answers: an empty body, or the numbers of its runs for who accepts JSON. */
export const runIds = {
  ...text,
  "application/json": { schema: z.object({ run_ids: z.array(z.int()) }) },
};

const created = {
  201: {
    description:
      "Queued. The body is empty; with `Accept: application/json` it has the numbers of the new runs",
    content: runIds,
  },
  ...refused,
  413: { description: "The body is too large", content: text },
};

/** A parameter that is a text. */
export const string = { type: "string" } as const;
/** The parameter `priority`. */
export const priority = {
  type: "integer",
  minimum: 1,
  maximum: 10,
  default: 5,
  description: "Larger goes first",
} as const;

/** A parameter in the path. */
export function inPath(name: string) {
  return { name, in: "path", required: true, schema: string } as const;
}

/** `GET /api/v1/auth` */
export const checkAuth = guarded("signed-in", {
  method: "get",
  path: "/api/v1/auth",
  summary: "Check a key",
  tags,
  responses: {
    200: {
      description: "The key is valid; the header `Auth-User` says whose it is",
      content: text,
    },
    403: refused[403],
  },
});

/** `POST /api/v1/test/{suite}/{arch}/{package}` */
export const requestTest = (maxBodyBytes: number) =>
  guarded("tests:create", {
    method: "post",
    path: "/api/v1/test/{suite}/{arch}/{package}",
    summary: "Request the test of one package",
    tags,
    parameters: [inPath("suite"), inPath("arch"), inPath("package")],
    requestBody: {
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            properties: {
              priority,
              is_private: { type: "string", enum: ["true", "false"] },
              extra_apt_sources: {
                ...string,
                description:
                  "A JSON list of the names of sources; `extra-apt-sources` is taken too",
              },
            },
          },
        },
      },
    },
    responses: created,
  }, { maxBodyBytes });

/** `POST /api/v1/test/{suite}/{arch}` */
export const requestTests = (maxBodyBytes: number) =>
  guarded("tests:create", {
    method: "post",
    path: "/api/v1/test/{suite}/{arch}",
    summary: "Request the tests of several packages",
    tags,
    parameters: [inPath("suite"), inPath("arch")],
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            required: ["tests"],
            properties: {
              priority,
              tests: {
                ...string,
                description:
                  'A JSON list, as a field or an uploaded file: [{"package": "foo", "trigger": "bar/1.0", "pin-packages": [["src:bar", "testing"]], "is_private": false, "extra-apt-sources": []}]',
              },
            },
          },
        },
      },
    },
    responses: created,
  }, { maxBodyBytes });

/** `POST /api/v1/test/batch` */
export const requestBatch = (maxBodyBytes: number) =>
  guarded("tests:create", {
    method: "post",
    path: "/api/v1/test/batch",
    summary: "Request tests in several suites and on several architectures",
    tags,
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            required: ["tests"],
            properties: {
              priority,
              tests: {
                ...string,
                description:
                  'A JSON list, as a field or an uploaded file: [{"suite": "unstable", "arch": ["amd64"], "tests": [{"package": "foo"}]}]. The runs come by request, then architecture, then test',
              },
            },
          },
        },
      },
    },
    responses: created,
  }, { maxBodyBytes });
