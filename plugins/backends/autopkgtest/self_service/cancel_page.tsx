import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  answerPage,
  page,
  PostForm,
  readPageForm,
  seeOther,
} from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { chosenFault, readChosen } from "./chosen.ts";
import { elsewhere, ofUser, ownPath, requireOwn } from "./path.ts";
import { pendingStates } from "./request_filter.ts";
import { findOwn, type OwnTest } from "./request_store.ts";
import { RequestTable } from "./request_table.tsx";
import { Tabs } from "./tabs.tsx";

const rest = "/test/cancel";

const showChosen = page("runs:cancel", {
  method: "get",
  path: "/user/{user}/test/cancel",
  summary: "Tests of the reader's that are to be cancelled, once more",
  request: ofUser,
  responses: { 200: { description: "A page" } },
});

const cancel = page("runs:cancel", {
  method: "post",
  path: "/user/{user}/test/cancel",
  summary: "Cancels tests of the reader's",
  request: ofUser,
  responses: { 303: { description: "To what the reader has asked for" } },
});

/** `/user/NAME/test/cancel`: the tests that were ticked and are not over, and what cancels them. */
export function cancelPage(
  { database, runs, now }: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const findPending = async (c: Context<AppEnv>, numbers: readonly number[]) =>
    (await findOwn(database, c.var.principal, numbers))
      .filter(({ state }) => pendingStates.includes(state));
  router.openapi(showChosen, async (c) => {
    const own = elsewhere(c, rest);
    if (own !== null) return seeOther(own);
    const numbers = readChosen(new URL(c.req.url).searchParams);
    const fault = chosenFault(numbers);
    const tests = fault === null ? await findPending(c, numbers) : [];
    return answerChosen(c, tests, fault, now());
  });
  router.openapi(cancel, async (c) => {
    requireOwn(c);
    const numbers = readChosen(await readPageForm(c));
    const fault = chosenFault(numbers);
    if (fault !== null) return answerChosen(c, [], fault, now());
    const tests = await findPending(c, numbers);
    const ids = tests.map(({ id }) => id);
    await runs.cancelMany(ids, pendingStates);
    c.set("targets", ids);
    const list = ownPath(c.var.principal.name, "/jobs");
    return seeOther(`${list}?cancelled=${ids.length}`);
  });
  return router;
}

function answerChosen(
  c: Context<AppEnv>,
  tests: readonly OwnTest[],
  fault: string | null,
  now: number,
): Response {
  const { name } = c.var.principal;
  const back = <a href={ownPath(name, "/jobs")}>Back to my requests</a>;
  return answerPage(c, {
    title: "Cancel tests",
    children: (
      <>
        <h1>Cancel tests</h1>
        <Tabs c={c} />
        {tests.length === 0
          ? (
            <p class="empty" role={fault === null ? undefined : "alert"}>
              {fault ?? "None of these tests waits or runs any more."} {back}
            </p>
          )
          : (
            <PostForm c={c} action={ownPath(name, rest)}>
              <RequestTable
                tests={tests}
                user={name}
                now={now}
                caption="What is over already is left out"
                ticks={{ isTicked: () => true }}
              />
              <div class="actions">
                <button type="submit">Cancel the ticked</button>
                {back}
              </div>
            </PostForm>
          )}
      </>
    ),
  }, fault === null ? 200 : 400);
}
