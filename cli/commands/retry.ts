import { type Answer, readAnswer } from "../answer.ts";
import { type ApiRequest, pathPart } from "../api.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { exitStatus } from "../exit_status.ts";
import { Failure, UsageError } from "../failure.ts";
import { type Run, runSchema } from "../run.ts";
import { reportMade, submitOnce, submitOptions } from "../submit.ts";
import { runIdsSchema } from "./testing.ts";

/** How a run of some backend is repeated. */
type Retry = {
  readonly request: ApiRequest;
  /** Id or number of the new run, out of the answer. */
  readonly made: (answer: Answer, url: string) => string;
};

/**
 * How a run is repeated: debci's retry, Deck's rerun, or for other backends what
 * they have. `isLatest`: by what the job's configuration says now.
 *
 * @throws UsageError for `isLatest` where there is no configuration.
 */
export function toRetry(
  run: Pick<Run, "id" | "number" | "backend">,
  isLatest: boolean,
): Retry {
  if (run.backend === "prow") {
    const mode = isLatest ? "&mode=latest" : "";
    const path = `/rerun?prowjob=${pathPart(run.id)}${mode}`;
    return { request: { method: "POST", path }, made: rerunOf };
  }
  if (isLatest) {
    throw new UsageError(
      "--latest is for Prow jobs: a test has no configuration",
    );
  }
  if (run.backend === "autopkgtest") {
    const headers = { accept: "application/json" };
    const path = `/api/v1/retry/${run.number}`;
    return {
      request: { method: "POST", path, headers },
      made: (answer, url) =>
        String(readAnswer(answer, runIdsSchema, url).run_ids[0]),
    };
  }
  const path = `/v1/runs/${pathPart(run.id)}/retry`;
  return {
    request: { method: "POST", path },
    made: (answer, url) => readAnswer(answer, runSchema, url).id,
  };
}

/** Deck says where the new ProwJob is. */
function rerunOf({ headers }: Answer, url: string): string {
  const id = /[?&]prowjob=([^&]+)/.exec(headers.get("location") ?? "")?.[1];
  if (id !== undefined) return decodeURIComponent(id);
  throw new Failure(
    `The job is run again, but ${url} does not say as what; see slipway list`,
    exitStatus.infrastructure,
  );
}

/** `slipway retry` */
export const retry: Command = {
  name: "retry",
  summary: "Do again what a run has done",
  words: [{ name: "ID" }],
  options: [
    {
      name: "latest",
      help: "of a Prow job: by its configuration of now, not of then",
    },
    ...submitOptions,
  ],
  details: "The new run is a run of its own; the old one stays as it is.",
  async run(given, world) {
    const [id = ""] = given.words;
    const api = await connect(given, world);
    const old = await api.json({ path: `/v1/runs/${pathPart(id)}` }, runSchema);
    const { request, made } = toRetry(old, given.has("latest"));
    const answer = await submitOnce(api, request, given, world);
    return await reportMade(api, made(answer, api.server.url), given, world);
  },
};
