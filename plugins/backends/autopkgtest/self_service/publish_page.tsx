import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { createRouter } from "../../../../http/router.ts";
import {
  answerPage,
  FormFault,
  page,
  PostForm,
  readPageForm,
  seeOther,
} from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";
import { chosenFault, maxChosen, readChosen } from "./chosen.ts";
import { elsewhere, ofUser, ownPath, requireOwn } from "./path.ts";
import { findOwn, listOwn, type OwnPage } from "./request_store.ts";
import { RequestTable } from "./request_table.tsx";
import { Tabs } from "./tabs.tsx";

const rest = "/test/publish";

/** Tests of a page. */
const pageSize = 50;

const showPrivate = page("tests:create", {
  method: "get",
  path: "/user/{user}/test/publish",
  summary: "Private tests of the reader's, to be made public",
  request: ofUser,
  responses: { 200: { description: "A page" } },
});

const publish = page("tests:create", {
  method: "post",
  path: "/user/{user}/test/publish",
  summary: "Makes private tests of the reader's public",
  request: ofUser,
  responses: { 303: { description: "To what the reader has asked for" } },
}, { action: "tests:publish" });

/** `/user/NAME/test/publish` (wire 2.1): the private tests that were ticked, or all; and what makes them public. */
export function publishPage(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const { runs, database } = context;
  router.openapi(showPrivate, async (c) => {
    const own = elsewhere(c, rest);
    if (own !== null) return seeOther(own);
    const numbers = readChosen(new URL(c.req.url).searchParams);
    return await answerPrivate(context, c, numbers);
  });
  router.openapi(publish, async (c) => {
    requireOwn(c);
    const asker = c.var.principal;
    const numbers = readChosen(await readPageForm(c));
    const fault = chosenFault(numbers);
    if (fault !== null) return await answerPrivate(context, c, [], fault);
    const tests = await findOwn(database, asker, numbers);
    const published = new Set(await runs.publish(asker, numbers));
    c.set(
      "targets",
      tests.filter(({ number }) => published.has(number)).map(({ id }) => id),
    );
    const list = ownPath(asker.name, "/jobs");
    return seeOther(`${list}?published=${published.size}`);
  });
  return router;
}

async function answerPrivate(
  { database, now }: BackendContext<Options>,
  c: Context<AppEnv>,
  chosen: readonly number[],
  fault: string | null = null,
): Promise<Response> {
  const reader = c.var.principal;
  const { name } = reader;
  const before = /^\d{1,15}$/.exec(c.req.query("before") ?? "")?.[0];
  const list: OwnPage = chosen.length > 0
    ? {
      tests: (await findOwn(database, reader, chosen.slice(0, maxChosen)))
        .filter(({ isPrivate }) => isPrivate),
      next: null,
      isCut: false,
    }
    : await listOwn(database, reader, {
      isPrivate: true,
      ...before !== undefined && { before: Number(before) },
    }, pageSize);
  return answerPage(c, {
    title: "Publish",
    children: (
      <>
        <h1>Publish private tests</h1>
        <Tabs c={c} />
        <FormFault text={fault ?? undefined} />
        {list.tests.length === 0
          ? <Nothing name={name} wereChosen={chosen.length > 0} />
          : (
            <PostForm c={c} action={ownPath(name, rest)}>
              <p>
                Whoever may see tests here sees those that you publish, with
                their logs and files. There is no way back.
              </p>
              <RequestTable
                tests={list.tests}
                user={name}
                now={now()}
                caption="Private tests of yours, newest first"
                ticks={{ isTicked: ({ number }) => chosen.includes(number) }}
              />
              <div class="actions">
                <button type="submit">Publish the ticked</button>
                <a href={ownPath(name, "/jobs")}>Leave them as they are</a>
              </div>
              <nav class="pages" aria-label="Pages">
                {before !== undefined && (
                  <a href={ownPath(name, rest)}>Newest</a>
                )}
                {list.next !== null && (
                  <a
                    rel="next"
                    href={`${ownPath(name, rest)}?before=${list.next}`}
                  >
                    Older →
                  </a>
                )}
              </nav>
            </PostForm>
          )}
      </>
    ),
  }, fault === null ? 200 : 400);
}

function Nothing(
  { name, wereChosen }: { name: string; wereChosen: boolean },
) {
  return wereChosen
    ? (
      <p class="empty">
        None of these is a private test of yours: they are public already.{" "}
        <a href={ownPath(name, rest)}>All private tests of yours</a>
      </p>
    )
    : (
      <p class="empty">
        You have no private test. Tick “Private” when you{" "}
        <a href={ownPath(name, "/test")}>request one</a>.
      </p>
    );
}
