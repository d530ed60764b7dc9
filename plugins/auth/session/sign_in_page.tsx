import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { ApiError } from "../../../core/error.ts";
import { type Principal, principalId } from "../../../core/principal.ts";
import { csrfFieldName, csrfToken } from "../../../http/csrf.ts";
import {
  answerPage,
  Field,
  FormFault,
  Name,
  PostForm,
} from "../../../ui/kit/mod.ts";

/** What the sign-in page offers. */
export type SignInPage = {
  /** Where else one signs in. */
  readonly remotes: readonly { readonly id: string; readonly label: string }[];
  /** Value of the cookie that the form for a password is tied to; null: there is none to fill in. */
  readonly form: string | null;
  /** Where one is afterwards. */
  readonly to: string;
  /** As it was typed. */
  readonly name: string;
  readonly fault: ApiError | null;
};

/** Answers with the page on which people sign in. */
export function answerSignIn(
  c: Context<AppEnv>,
  { remotes, form, to, name, fault }: SignInPage,
): Response {
  const page = (
    <>
      <h1>Sign in</h1>
      <FormFault text={fault?.message} />
      {remotes.map(({ id, label }) => (
        <p>
          <a
            class="button"
            href={`/login/start?${new URLSearchParams({
              with: id,
              return_to: to,
            })}`}
          >
            Sign in with <Name text={label} />
          </a>
        </p>
      ))}
      {form !== null && <PasswordForm form={form} to={to} name={name} />}
      {form === null && remotes.length === 0 && (
        <p class="empty">
          There is no way to sign in with a browser: the operator names a
          provider, or lets this page ask for passwords.
        </p>
      )}
    </>
  );
  const response = answerPage(
    c,
    { title: "Sign in", children: page },
    fault?.status,
  );
  return withHeaders(response, fault);
}

function PasswordForm(
  { form, to, name }: { form: string; to: string; name: string },
) {
  return (
    <form class="form sign-in" method="post" action="/login">
      <input type="hidden" name={csrfFieldName} value={csrfToken(form)} />
      <input type="hidden" name="return_to" value={to} />
      <Field
        name="name"
        label="Name"
        typed={{ values: { name }, faults: {} }}
        autocomplete="username"
        required
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="current-password"
        required
      />
      <button type="submit">Sign in</button>
    </form>
  );
}

/** Answers with the page on which people sign out. */
export function answerSignedIn(
  c: Context<AppEnv>,
  who: Principal,
  to: string,
): Response {
  return answerPage(c, {
    title: "Signed in",
    children: (
      <>
        <h1>Signed in</h1>
        <p>
          You are signed in as{" "}
          <strong>
            <Name text={principalId(who)} />
          </strong>.
        </p>
        <PostForm c={c} action="/logout" class="actions">
          <a class="button" href={to}>Go on</a>
          <button type="submit">Sign out</button>
        </PostForm>
      </>
    ),
  });
}

/**
 * A refusal as a page for people. With the challenges of other schemes the
 * browser would ask for a password itself, so there is our own alone.
 */
export function answerFault(c: Context<AppEnv>, error: ApiError): Response {
  const title = "Not signed in";
  const page = (
    <>
      <h1>{title}</h1>
      <FormFault text={error.message} />
      <p>
        <a href="/login">Sign in</a>
      </p>
    </>
  );
  const response = answerPage(c, { title, children: page }, error.status);
  return withHeaders(response, error);
}

function withHeaders(response: Response, fault: ApiError | null): Response {
  const { headers } = response;
  for (const [name, value] of Object.entries(fault?.options.headers ?? {})) {
    if (!headers.has(name)) headers.set(name, value);
  }
  headers.delete("www-authenticate");
  if (fault?.code === "unauthenticated") {
    headers.set("www-authenticate", 'Session realm="slipway"');
  }
  return response;
}
