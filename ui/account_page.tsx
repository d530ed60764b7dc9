import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import { describeLimits } from "../core/limit.ts";
import type { Account } from "../core/account.ts";
import { allows, roleOf } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import type { RunSummary } from "../core/run.ts";
import { createRouter } from "../http/router.ts";
import { MenuList } from "./kit/menu_list.tsx";
import { page } from "./kit/page_route.ts";
import { answerPage } from "./kit/respond.tsx";
import { RunTable } from "./kit/run_table.tsx";
import { Name } from "./kit/text.tsx";
import type { PagesParts } from "./parts.ts";

const shownRuns = 20;

/** Of the plugin that has tokens, where it is loaded. */
const tokensPath = "/account/tokens";

/** `/account`: who the reader is here, what they may do, and where they look after it. */
export function accountPage(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const route = page("signed-in", {
    method: "get",
    path: "/account",
    summary: "Who is signed in, and what they may do",
    responses: { 200: { description: "A page" } },
  });
  router.openapi(route, async (c) => {
    const reader = c.var.principal;
    const mayRead = allows(reader.permissions, "runs:read");
    const filter = { reader, ownerName: reader.name, limit: shownRuns };
    const [runs, groups] = await Promise.all([
      mayRead ? parts.data.list(filter) : [],
      reader.kind === "user" ? parts.ownedGroups(reader.account) : [],
    ]);
    const others = c.var.menu.filter(({ place, path, permission }) =>
      place === "account" && path !== "/account" &&
      (permission === undefined || allows(reader.permissions, permission))
    );
    return answerPage(c, {
      title: "Account",
      children: (
        <>
          <h1>
            <Name text={reader.name} />
          </h1>
          <Facts
            reader={reader}
            groups={groups}
            hasTokens={others.some(({ path }) => path === tokensPath)}
          />
          <MenuList entries={others} />
          {mayRead && <OwnRuns runs={runs} reader={reader} now={parts.now()} />}
        </>
      ),
    });
  });
  return router;
}

function Facts(
  { reader, groups, hasTokens }: {
    reader: Principal;
    groups: readonly Account[];
    /** Whether the reader manages their groups' tokens on a page. */
    hasTokens: boolean;
  },
) {
  const { kind, via, permissions, limits } = reader;
  const role = roleOf(permissions);
  return (
    <dl>
      <dt>Kind</dt>
      <dd>{kind === "user" ? "a person" : "a group's automation"}</dd>
      <dt>Signed in by</dt>
      <dd>{via}</dd>
      <dt>Role</dt>
      <dd>{role ?? "none of the usual ones"}</dd>
      <dt>Permissions</dt>
      <dd>{permissions.join(", ") || "none"}</dd>
      <dt>Limited to</dt>
      <dd>
        <Name text={describeLimits(limits) || "nothing in particular"} />
      </dd>
      {kind === "user" && (
        <>
          <dt>Groups that I own</dt>
          <dd>
            {groups.length === 0 && "none"}
            {groups.map(({ name }, at) => (
              <>
                {at > 0 && ", "}
                {hasTokens
                  ? (
                    <a
                      href={`${tokensPath}?${new URLSearchParams({
                        group: name,
                      })}`}
                    >
                      {name}
                    </a>
                  )
                  : name}
              </>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function OwnRuns(
  { runs, reader, now }: {
    runs: readonly RunSummary[];
    reader: Principal;
    now: number;
  },
) {
  const all = `/runs?${new URLSearchParams({ owner: reader.name })}`;
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title">My runs</h2>
      {runs.length === 0
        ? (
          <p class="empty">
            None yet. What you ask for appears here, by whichever of the pages
            above or the <a href="/docs">API</a> you ask.
          </p>
        )
        : (
          <>
            <RunTable runs={runs} now={now} caption="Newest first" />
            <p>
              <a href={all}>All of mine, with filters</a>
            </p>
          </>
        )}
    </section>
  );
}
