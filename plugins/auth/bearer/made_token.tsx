import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { Copyable } from "../../../ui/kit/mod.ts";
import type { PageContext, Shown } from "./page_context.ts";

/** A new token, which is shown this once, with what to do with it; nothing where none was made. */
export function Made(
  { context, c, made }: {
    context: PageContext;
    c: Context<AppEnv>;
    made: Shown["made"];
  },
) {
  if (made === undefined) return null;
  const { token, group } = made;
  const url = context.baseUrl(c.req.raw);
  const header = `curl -H "Authorization: Bearer $TOKEN"`;
  return (
    <section class="made" aria-labelledby="made-title">
      <h2 id="made-title">The new token of {group}</h2>
      <p role="alert">
        Copy it now: it is shown this once, and nobody can show it again.
      </p>
      <Copyable id="token" label="The token" text={token} />
      <Copyable
        id="token-use"
        label="In a shell: keep it, and ask whom it stands for"
        // In a variable, so that the commands can be repeated and shared without it.
        text={`TOKEN=${token}\n${header} ${url}/v1/whoami`}
      />
      {context.backends.includes("prow") && (
        <Copyable
          id="token-job"
          label="A Prow job with it, as OpenShift's documentation triggers one"
          text={`${header} -X POST -d '{"job_name": "periodic-hello", "job_execution_type": "1"}' ${url}/v1/executions`}
        />
      )}
    </section>
  );
}
