import type { Context } from "hono";
import { isWithin } from "../core/limit.ts";
import type { AppEnv } from "../core/app_env.ts";
import { allows, type Permission } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import type { Run } from "../core/run.ts";
import { PostForm } from "./kit/form.tsx";

/** Who may ask for runs may show what came of them. */
export const publishing = "runs:create" satisfies Permission;

/** Whether somebody may make a run public: its owner alone, who asked for privacy. */
export function mayPublish(run: Run, reader: Principal): boolean {
  return run.owner.account === reader.account &&
    isWithin(reader.limits, run) && allows(reader.permissions, publishing);
}

/** Makes a private run public. There is no way back, so it takes two steps. */
export function PublishForm(
  { c, run, isPublished }: {
    c: Context<AppEnv>;
    run: Run;
    /** The backend's runs are shown to anybody. */
    isPublished: boolean;
  },
) {
  return (
    <details class="command">
      <summary>Make public</summary>
      <p>
        Only you and administrators see this run. Once it is public,{" "}
        {isPublished ? "anybody" : "everybody who may read runs here"}{" "}
        sees it with its log and files. There is no way back.
      </p>
      <PostForm c={c} action={`/runs/${run.number}/publish`}>
        <button type="submit">Make it public</button>
      </PostForm>
    </details>
  );
}
