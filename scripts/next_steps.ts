/** What `deno task start` has to offer to the person in front of it. */
export type NextSteps = {
  readonly url: string;
  /** `backend:name` of each. */
  readonly executors: readonly string[];
  readonly token: string;
  readonly authKey: string;
  readonly user: string;
  readonly password: string;
  /** Number of the next run. */
  readonly next: number;
};

/** The text that `deno task start` prints: lines that work when pasted. */
export function nextSteps(steps: NextSteps): string {
  const { url, executors, token, authKey, user, password, next } = steps;
  const auth = `-H "Authorization: Bearer $TOKEN"`;
  return `
Slipway serves ${url}   (Ctrl-C stops it)
In a browser: ${url}/ (sign in as ${user} with the password ${password})
The runner beside it has: ${executors.join(", ") || "nothing to run work with"}

Paste this into another terminal:

export TOKEN=${token}
export KEY=${authKey}

# a Prow job, as OpenShift's documentation triggers one
curl -X POST ${auth} -d '{"job_name": "periodic-hello", "job_execution_type": "1"}' ${url}/v1/executions

# a Debian package test, as debci's documentation requests one
curl --header "Auth-Key: $KEY" --data '' ${url}/api/v1/test/unstable/${arch()}/hello-slipway

# what becomes of them: both as runs, each in its own dialect, and the first one's states and log until it ends
curl ${auth} ${url}/v1/runs
curl ${auth} ${url}/v1/executions
curl --header "Auth-Key: $KEY" ${url}/api/v1/test
curl -N ${auth} ${url}/v1/runs/${next}/events
`;
}

/** Debian's name of this machine's architecture. */
function arch(): string {
  return Deno.build.arch === "aarch64" ? "arm64" : "amd64";
}
