import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import { createRouter } from "../http/router.ts";
import { assetPath } from "./assets.ts";
import { page } from "./kit/page_route.ts";
import type { Operation, PagesParts } from "./parts.ts";
import { answerPage } from "./kit/respond.tsx";

/**
 * `/docs`: the API, as a table of all operations. Swagger UI takes the table's
 * place for who asks for it: it weighs more than all pages together.
 */
export function docsPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("public", {
    method: "get",
    path: "/docs",
    summary: "The API for people",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, (c) =>
    answerPage(c, {
      title: "API",
      scripts: ["docs.js"],
      children: (
        <>
          <h1>API</h1>
          <p>
            As a document:{" "}
            <a href="/openapi.json">OpenAPI 3.1</a>. Each call names the
            permission that it needs. Prow's Gangway and debci are spoken too:
          </p>
          <Examples origin={new URL(c.req.url).origin} />
          <p>
            <button
              id="swagger"
              type="button"
              data-script={assetPath("swagger-ui.js")}
              data-style={assetPath("swagger-ui.css")}
              hidden
            >
              Show parameters and answers (loads 0.5 MB)
            </button>
          </p>
          <Operations operations={parts.operations()} />
        </>
      ),
    }));
  return router;
}

function Examples({ origin }: { origin: string }) {
  return (
    <pre class="trace" tabindex={0}>{`# a Prow job
curl -X POST -H "Authorization: Bearer $TOKEN" -d '{"job_name": "periodic-hello", "job_execution_type": "1"}' ${origin}/v1/executions
# a Debian package test
curl --header "Auth-Key: $KEY" --data '' ${origin}/api/v1/test/unstable/amd64/hello-slipway
# what became of them
curl -H "Authorization: Bearer $TOKEN" ${origin}/v1/runs`}</pre>
  );
}

function Operations({ operations }: { operations: readonly Operation[] }) {
  return (
    <div id="operations">
      <table>
        <caption>All operations</caption>
        <thead>
          <tr>
            <th scope="col">Call</th>
            <th scope="col">What it does</th>
            <th scope="col">Permission</th>
          </tr>
        </thead>
        <tbody>
          {operations.map(({ method, path, summary, access }) => (
            <tr>
              <th scope="row">
                <code>{method} {path}</code>
              </th>
              <td>{summary}</td>
              <td>{access}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
