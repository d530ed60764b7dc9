import type { Context } from "hono";
import type { RunnerFacts } from "../../core/administration.ts";
import type { AppEnv } from "../../core/app_env.ts";
import { Name, PostForm } from "../kit/mod.ts";

/** Where a form leads when it was carried out. */
export type Then = "list" | "runner";

/** Pause or resume; nothing for a runner that is shut out. */
export function RunnerForms({ c, runner, then }: {
  c: Context<AppEnv>;
  runner: RunnerFacts;
  then: Then;
}) {
  if (runner.state === "revoked") return <>–</>;
  const verb = runner.state === "paused" ? "resume" : "pause";
  return (
    <PostForm c={c} action={runnerPath(runner.id, verb)}>
      <input type="hidden" name="then" value={then} />
      <button type="submit">
        {verb === "pause" ? "Pause" : "Resume"}
        <span class="unseen">
          {" "}
          <Name text={runner.name} />
        </span>
      </button>
    </PostForm>
  );
}

/** The page of a runner, or what a form of it is sent to. */
export function runnerPath(id: string, verb?: string): string {
  const path = `/admin/runners/${encodeURIComponent(id)}`;
  return verb === undefined ? path : `${path}/${verb}`;
}
