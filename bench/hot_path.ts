import { executionRequest } from "./job.ts";
import type { Exchange } from "./connection.ts";
import type { Target } from "./target.ts";

/** Something that a busy Slipway does all the time. */
export type HotPath = {
  readonly name: string;
  /** Status of every answer. */
  readonly status: number;
  /** The request; a new one each time where the path needs that. */
  readonly exchange: () => Exchange;
};

/** What is measured. The claims come last: they use up what waits. */
export function hotPaths({ fixture }: Target): readonly HotPath[] {
  const bearer = { authorization: `Bearer ${fixture.token}` };
  const authKey = { "auth-key": fixture.authKey };
  const execution = `/v1/executions/${fixture.executionId}`;
  const since = (seconds: number) => `/api/v1/test?since=${seconds}`;
  return [
    get("GET execution, known caller", execution, { known: "1" }),
    get("GET execution, bearer token", execution, bearer),
    get("GET execution, Auth-Key", execution, authKey),
    get("GET tests, nothing new", since(fixture.since + 1), authKey),
    get("GET tests, 200 new", since(fixture.since), authKey),
    postExecution(bearer),
    claim(fixture.runner),
  ];
}

function get(
  name: string,
  path: string,
  headers: Exchange["headers"],
): HotPath {
  const exchange: Exchange = { method: "GET", path, headers };
  return { name, status: 200, exchange: () => exchange };
}

function postExecution(headers: Exchange["headers"]): HotPath {
  const exchange: Exchange = {
    method: "POST",
    path: "/v1/executions",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(executionRequest),
  };
  return { name: "POST execution", status: 200, exchange: () => exchange };
}

/** Every claim is a new one, and must get a run: the status of one that waited in vain is 204. */
function claim(token: string): HotPath {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
  };
  const offers = [{ backend: ["prow"], cluster: ["*"] }];
  return {
    name: "POST claim",
    status: 200,
    exchange: () => ({
      method: "POST",
      path: "/runner/v1/claim",
      headers,
      body: JSON.stringify({
        claimId: crypto.randomUUID(),
        offers,
        waitSeconds: 0,
      }),
    }),
  };
}
