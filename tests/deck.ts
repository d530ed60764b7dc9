import { assertEquals } from "@std/assert";
import * as z from "zod";
import { readCatalogue } from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import prow from "../plugins/backends/prow/mod.ts";
import type { ReportedEnd } from "../core/protocol.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";
import { user } from "./gangway.ts";

/** A periodic whose name is longer than a label's value may be, and cut where it has dots. */
export const longJob = `periodic-${"x".repeat(51)}_.-rest`;

const spec = "spec: {containers: [{image: i, command: [sh, -c, 'echo ---']}]}";

const configuration = `
periodics:
- {name: hello, decorate: true, labels: {own: label}, annotations: {say: "a---b"}, extra_refs: [{org: x, repo: lib, base_ref: dev}], ${spec}}
- {name: ${longJob}, cluster: build-2, ${spec}}
- {name: free, rerun_auth_config: {allow_anyone: true}, ${spec}}
presubmits:
  o/r:
  - {name: verify, decorate: true, max_concurrency: 2, ${spec}}
postsubmits:
  o/r:
  - {name: publish, skip_report: true, ${spec}}
`;

/** A commit whose pulls pass. */
const sha = "0123456789abcdef0123456789abcdef01234567";

const refs = { org: "o", repo: "r", base_ref: "main", base_sha: sha };

/** Bodies that run the jobs of the tests. */
export const bodies = {
  hello: { job_name: "hello", job_execution_type: "1" },
  free: { job_name: "free", job_execution_type: "1" },
  long: { job_name: longJob, job_execution_type: "1" },
  publish: { job_name: "publish", job_execution_type: "2", refs },
  verify: {
    job_name: "verify",
    job_execution_type: "3",
    refs: {
      ...refs,
      pulls: [{
        number: 5,
        sha,
        author: "ann",
        title: "No </script>; or ]; 'here' \u2028",
        link: "https://git.example/o/r/5",
      }],
    },
  },
};

/** An attempt that a runner of the tests has claimed; the server is real, the work is not. */
export type Attempt = {
  readonly id: string;
  readonly number: number;
  start(): Promise<void>;
  log(text: string, at?: number): Promise<void>;
  upload(path: string, content: string, contentType: string): Promise<void>;
  end(end: ReportedEnd, logBytes?: number): Promise<void>;
};

/** A server with a catalogue, and a runner that does as a test says. */
export type DeckRig = AsyncDisposable & {
  readonly app: TestApp;
  /** Asks for a job as alice, or somebody else; gives the execution's id. */
  create(body: unknown, as?: string): Promise<string>;
  /** Claims the job that has waited longest. */
  claim(): Promise<Attempt>;
  /** Creates, claims, starts and ends. */
  run(body: unknown, end?: ReportedEnd): Promise<Attempt>;
  /** Sends a GET as alice; gives the text of an answer that must be of the status. */
  text(path: string, status?: number): Promise<string>;
};

const exited: ReportedEnd = { kind: "exited", exitCode: 0 };
const assignment = z.object({
  run: z.object({ id: z.string(), number: z.number() }),
  attemptToken: z.string(),
});

/** Starts it. */
export async function startDeck(
  options: Parameters<typeof prow>[0] = {},
): Promise<DeckRig> {
  const app = await startTestApp([prow(options)]);
  await seed(app, configuration);
  const claim = await startRunner(app);
  const rig: DeckRig = {
    app,
    claim,
    async create(body, as = user) {
      const response = await app.request("/v1/executions", {
        user: as,
        method: "POST",
        body: JSON.stringify(body),
      });
      return z.object({ id: z.string() }).parse(await response.json()).id;
    },
    async run(body, end = exited) {
      await rig.create(body);
      const claimed = await claim();
      await claimed.start();
      await claimed.end(end);
      return claimed;
    },
    async text(path, status = 200) {
      const response = await app.request(path, { user });
      const text = await response.text();
      assertEquals(response.status, status, `${path}: ${text}`);
      return text;
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
  return rig;
}

/** Registers a runner; gives what claims with it. */
async function startRunner(app: TestApp): Promise<DeckRig["claim"]> {
  const response = await send(app, "POST", "/register", runnerToken, {
    name: "r",
    version: "0",
    offers,
  });
  const { token } = z.object({ token: z.string() }).parse(
    await response.json(),
  );
  return async () => {
    const claimId = crypto.randomUUID();
    const claim = { claimId, offers, waitSeconds: 0 };
    const answer = await send(app, "POST", "/claim", token, claim);
    assertEquals(answer.status, 200, "no job waits");
    return attempt(app, assignment.parse(await answer.json()));
  };
}

/** Replaces the catalogue. */
export async function seed(app: TestApp, text: string): Promise<void> {
  const { jobs, faults } = readCatalogue([{ path: "deck.yaml", text }]);
  assertEquals(faults, []);
  await importCatalogue(app.database, jobs, app.now);
}

const offers = [{ backend: ["prow"], cluster: ["*"] }];

function attempt(
  app: TestApp,
  { run: { id, number }, attemptToken: token }: z.output<typeof assignment>,
): Attempt {
  const call = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ) => {
    const to = `/runs/${id}${path}`;
    const response = await send(app, method, to, token, body, headers);
    assertEquals(response.ok, true, `${path}: ${await response.text()}`);
  };
  return {
    id,
    number,
    start: () => call("POST", "/start", {}),
    log: (text, at = 0) =>
      call("PATCH", "/log", text, {
        "content-range": `bytes ${at}-${at + text.length - 1}/*`,
      }),
    upload: (path, content, type) =>
      call("PUT", `/artifacts?path=${encodeURIComponent(path)}`, content, {
        "content-type": type,
      }),
    end: (end, logBytes = 0) => call("PUT", "/result", { end, logBytes }),
  };
}

async function send(
  app: TestApp,
  method: string,
  path: string,
  token: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await app.request(`/runner/v1${path}`, {
    method,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      ...headers,
      authorization: `Bearer ${token}`,
    },
  });
}
