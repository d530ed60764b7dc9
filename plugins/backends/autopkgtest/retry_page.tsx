import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { Json } from "../../../core/json.ts";
import type { Run } from "../../../core/run.ts";
import { answerPage, Name, PostForm } from "../../../ui/kit/mod.ts";

/** The page from which a person retries a test; its form goes to `action`. */
export function retryPage(
  c: Context<AppEnv>,
  run: Run,
  equalPending: number,
  action: string,
): Response {
  return answerPage(c, {
    title: `Retry test ${run.number}`,
    children: (
      <>
        <h1>Retry test {run.number}</h1>
        <table class="facts">
          <caption>What would be tested once more</caption>
          <tbody>
            {factsOf(run).map(([name, value]) => (
              <tr>
                <th scope="row">{name}</th>
                <td>
                  <Name text={value === "" ? "-" : value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {equalPending > 0 && (
          <p class="warning" role="alert">{warning(equalPending)}</p>
        )}
        <PostForm c={c} action={action} class="actions" once>
          <button type="submit">Retry</button>
          <a href={`/runs/${run.number}`}>Test {run.number}</a>
        </PostForm>
      </>
    ),
  });
}

/** What a person sees who has pressed the button of the API's page. */
export function retriedPage(
  c: Context<AppEnv>,
  runIds: readonly number[],
): Response {
  const queued = `Test ${runIds.join(", ")} is queued`;
  return answerPage(c, {
    title: queued,
    children: (
      <>
        <h1>{queued}</h1>
        <p>It has the same parameters.</p>
        <p>
          {runIds.map((number) => (
            <a href={`/runs/${number}`}>Follow test {number}</a>
          ))}
        </p>
      </>
    ),
  });
}

function factsOf(run: Run): [name: string, value: string][] {
  const { suite, arch, trigger, pin_packages, extra_apt_sources } = run.request;
  return [
    ["Package", run.job],
    ["Suite", shown(suite)],
    ["Architecture", shown(arch)],
    ["Trigger", shown(trigger)],
    ["Pinned packages", lines(pin_packages)],
    ["Extra apt sources", lines(extra_apt_sources)],
    ["Requested by", run.owner.name],
    ["Private", run.isPrivate ? "yes" : "no"],
  ];
}

function warning(equalPending: number): string {
  const jobs = equalPending === 1
    ? "There is 1 pending job"
    : `There are ${equalPending} pending jobs`;
  return `${jobs} with the same parameters.`;
}

function lines(value: Json | undefined): string {
  return Array.isArray(value)
    ? value.map((item) => [item].flat().map(shown).join(", ")).join("; ")
    : "";
}

function shown(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
