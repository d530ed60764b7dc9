import * as z from "zod";
import { version } from "../core/version.ts";
import { readAnswer } from "./answer.ts";
import type { Api } from "./api.ts";
import type { ConfigFile } from "./config_file.ts";
import { type ExitStatus, exitStatus } from "./exit_status.ts";
import { identitySchema } from "./identity.ts";
import { isLoopback } from "./loopback.ts";
import { Failure, Interrupted, Refused } from "./failure.ts";

/** What one look at the server or the configuration has shown. */
export type Finding = {
  readonly what: string;
  readonly verdict: "fine" | "doubtful" | "bad";
  /** What was seen, and what to do about it. */
  readonly says: string;
  readonly exitStatus: ExitStatus;
};

const openApiSchema = z.object({ info: z.object({ version: z.string() }) });

/** More than what an answer's way and whole seconds in its `Date` explain. */
const maxSkewMs = 5_000;

/** Looks at one thing after the other; what would fail for the same reason is not looked at. */
export async function* examine(
  api: Api,
  config: ConfigFile,
): AsyncGenerator<Finding> {
  const { server, lent } = api;
  const isOpen = await config.isOpenToOthers().catch(() => false);
  yield isOpen
    ? doubtful(
      "configuration",
      `others may read it: chmod 600 ${config.path()}`,
    )
    : fine("configuration", "nobody else may read it");
  const { protocol, hostname } = new URL(server.url);
  const isSafe = protocol === "https:" || isLoopback(hostname);
  yield isSafe ? fine("URL", server.url) : doubtful(
    "URL",
    `${server.url} is not https:, so others may read the credential on its way`,
  );
  const startedAt = lent.clock.now();
  const alive = await attempt("server", () => api.askOnce({ path: "/livez" }));
  if ("finding" in alive) return yield alive.finding;
  const tookMs = lent.clock.now() - startedAt;
  // Slipway gives every answer one.
  if (!alive.value.headers.has("x-request-id")) return yield notSlipway;
  yield fine("server", `answers within ${tookMs} ms`);
  yield clockFinding(alive.value.headers.get("date"), startedAt, tookMs);
  const spoken = await attempt("version", async () => {
    const answer = await api.askOnce({ path: "/openapi.json" });
    return readAnswer(answer, openApiSchema, server.url).info.version;
  });
  yield "finding" in spoken ? spoken.finding : versionFinding(spoken.value);
  const ready = await attempt("store", () => api.askOnce({ path: "/readyz" }));
  yield "finding" in ready ? ready.finding : fine("store", "takes writes");
  if (server.credential === null) return yield noCredential;
  const who = await attempt("credential", async () => {
    const answer = await api.askOnce({ path: "/v1/whoami" });
    return readAnswer(answer, identitySchema, server.url);
  });
  yield "finding" in who ? who.finding : fine(
    "credential",
    `${who.value.id}, may ${who.value.permissions.join(", ")}`,
  );
}

/** What a server's `Date` says about the clocks. The answer came some time after `startedAt`. */
export function clockFinding(
  date: string | null,
  startedAt: number,
  tookMs: number,
): Finding {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) {
    return doubtful("clock", "the server's answers have no time to compare");
  }
  // Whole seconds: the moment itself lies up to one second after.
  const skewMs = Math.round(theirs + 500 - (startedAt + tookMs / 2));
  if (Math.abs(skewMs) <= maxSkewMs + tookMs) {
    return fine("clock", "agrees with the server's");
  }
  const behind = skewMs > 0 ? "behind" : "ahead of";
  return doubtful(
    "clock",
    `this machine's is ${
      Math.round(Math.abs(skewMs) / 1000)
    } s ${behind} the server's: set one of them, times and expiries are off`,
  );
}

/** Versions before 1.0 may differ in the second part only for the worse. */
export function versionFinding(theirs: string): Finding {
  const line = (text: string) => {
    const [major = "", minor = ""] = text.split(".");
    return major === "0" ? `0.${minor}` : major;
  };
  return line(theirs) === line(version)
    ? fine("version", `${theirs} there, ${version} here`)
    : doubtful(
      "version",
      `${theirs} there, ${version} here: install the slipway of the server's version`,
    );
}

const notSlipway: Finding = {
  what: "server",
  verdict: "bad",
  says: "answers, but not as Slipway does; is the URL right?",
  exitStatus: exitStatus.usage,
};

const noCredential: Finding = {
  what: "credential",
  verdict: "bad",
  says: "there is none: slipway login, or set SLIPWAY_TOKEN",
  exitStatus: exitStatus.notAllowed,
};

async function attempt<T>(
  what: string,
  look: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly finding: Finding }> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) {
      throw error;
    }
    const says = error instanceof Refused && error.httpStatus === 503
      ? `${error.message}; see the server's own log`
      : error.message;
    return {
      finding: { what, verdict: "bad", says, exitStatus: error.exitStatus },
    };
  }
}

function fine(what: string, says: string): Finding {
  return { what, verdict: "fine", says, exitStatus: exitStatus.passed };
}

function doubtful(what: string, says: string): Finding {
  return { what, verdict: "doubtful", says, exitStatus: exitStatus.passed };
}
