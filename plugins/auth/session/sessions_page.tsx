import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { createRouter } from "../../../http/router.ts";
import {
  answerPage,
  Name,
  PostForm,
  readPageForm,
  seeOther,
  Time,
} from "../../../ui/kit/mod.ts";
import { browserName } from "./browser_name.ts";
import type { SessionOptions } from "./options.ts";
import {
  endOtherSessions,
  endOwnSession,
  listOwnSessions,
  type OwnSession,
  sessionShortcomings,
} from "./own_sessions.ts";
import { endForm, endOthersForm, sessionsPage } from "./page_operations.ts";

const path = "/account/sessions";

/** `/account/sessions`: where people see and end their own sessions. */
export function sessionPages(
  context: AuthRoutesContext<SessionOptions>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();

  app.openapi(sessionsPage, async (c) => {
    const { principal } = c.var;
    const [sessions, short] = await Promise.all([
      listOwnSessions(context, principal),
      sessionShortcomings(context, principal),
    ]);
    return answerPage(c, {
      title: "Sessions",
      children: (
        <>
          <h1>Sessions</h1>
          <p>The browsers that you are signed in with.</p>
          {short.length > 0 && (
            <p class="empty">
              Your credential may do less than your account ({short.join("; ")}
              ), so it ends no session.
            </p>
          )}
          <Sessions
            c={c}
            sessions={sessions}
            mayEnd={short.length === 0}
            now={context.now()}
          />
        </>
      ),
    });
  });

  app.openapi(endForm, async (c) => {
    await readPageForm(c);
    await endOwnSession(context, c.var.principal, c.req.valid("param").id);
    return seeOther(path);
  });

  app.openapi(endOthersForm, async (c) => {
    await readPageForm(c);
    c.set("targets", await endOtherSessions(context, c.var.principal));
    return seeOther(path);
  });

  return app;
}

type ListProps = {
  readonly c: Context<AppEnv>;
  readonly sessions: readonly OwnSession[];
  readonly mayEnd: boolean;
  readonly now: number;
};

function Sessions({ c, sessions, mayEnd, now }: ListProps) {
  if (sessions.length === 0) {
    return (
      <p class="empty">
        None: you came with another credential. <a href="/login">Sign in</a>
        {" "}
        with a browser, and it is listed here.
      </p>
    );
  }
  const others = sessions.filter(({ isCurrent }) => !isCurrent);
  return (
    <>
      <table class="cards">
        <caption>The newest first</caption>
        <thead>
          <tr>
            <th scope="col">Browser</th>
            <th scope="col">Signed in</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col">Action</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Row c={c} session={session} mayEnd={mayEnd} now={now} />
          ))}
        </tbody>
      </table>
      {mayEnd && others.length > 0 && (
        <PostForm c={c} action={`${path}/end-others`} class="actions">
          <button type="submit">
            {others.length === sessions.length
              ? "End all sessions"
              : "End all others"}
          </button>
        </PostForm>
      )}
    </>
  );
}

function Row(
  { c, session, mayEnd, now }: Omit<ListProps, "sessions"> & {
    readonly session: OwnSession;
  },
) {
  const { id, userAgent, createdAt, usedAt, expiresAt, isCurrent } = session;
  const name = browserName(userAgent);
  return (
    <tr>
      <th scope="row">
        <Name text={name ?? (userAgent || "A browser without a name")} />
        {isCurrent && <small class="tag">this one</small>}
        {name !== null && (
          <div>
            <small>
              <Name text={userAgent} />
            </small>
          </div>
        )}
      </th>
      <td data-label="Signed in">
        <Time at={createdAt} now={now} />
      </td>
      <td data-label="Last used">
        <Time at={usedAt} now={now} />
      </td>
      <td data-label="Ends">
        <Time at={expiresAt} now={now} />
      </td>
      <td data-label="Action">
        {isCurrent
          ? (
            <PostForm c={c} action="/logout">
              <button type="submit">Sign out</button>
            </PostForm>
          )
          : mayEnd && (
            <PostForm c={c} action={`${path}/${id}/end`}>
              <button type="submit">End</button>
            </PostForm>
          )}
      </td>
    </tr>
  );
}
