import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../../core/app_env.ts";
import { readCookie, sessionCookie } from "../../http/cookie.ts";
import { assertCsrf, csrfFieldName, csrfToken } from "../../http/csrf.ts";
import { readForm, readUploadForm } from "../../http/form.ts";
import { visible } from "./text.tsx";

/** What was typed into a form, and what is wrong with it, by the fields' names. */
export type Typed = {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, string>>;
};

/** A form that nobody has touched. */
export const untouched: Typed = { values: {}, faults: {} };

const maxFormBytes = 1024 * 1024;

/**
 * Reads the form that a page of ours sent.
 *
 * @throws ApiError `forbidden` for one of another page; as `readForm`.
 */
export async function readPageForm(
  c: Context<AppEnv>,
  maxBytes: number = maxFormBytes,
): Promise<URLSearchParams> {
  const fields = await readForm(c.req.raw, maxBytes);
  assertCsrf(c.req.raw, fields);
  return fields;
}

/**
 * As `readPageForm`, for a form that may have files in it (`PostForm` with
 * `upload`): a file's text is the value of its field.
 *
 * @throws as `readPageForm`.
 */
export async function readPageUpload(
  c: Context<AppEnv>,
  maxBytes: number,
): Promise<URLSearchParams> {
  const fields = await readUploadForm(c.req.raw, maxBytes);
  assertCsrf(c.req.raw, fields);
  return fields;
}

/** The one value of each field, trimmed: what `Typed` keeps. */
export function typedValues(fields: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...fields].filter(([name]) => name !== csrfFieldName)
      .map(([name, value]) => [name, value.trim()]),
  );
}

/** A form that changes something: it carries the token of the reader's session. */
export function PostForm(
  { c, action, class: className, upload = false, once = false, children }: {
    c: Context<AppEnv>;
    action: string;
    class?: string;
    /** It makes runs: sent twice, as by a double click, it makes them once. */
    once?: boolean;
    /** It has files in it. */
    upload?: boolean;
    children?: Child;
  },
) {
  const cookie = readCookie(c.req.raw, sessionCookie);
  return (
    <form
      method="post"
      action={once ? `${action}?once=${crypto.randomUUID()}` : action}
      class={className}
      enctype={upload ? "multipart/form-data" : undefined}
    >
      {cookie !== null && (
        <input type="hidden" name={csrfFieldName} value={csrfToken(cookie)} />
      )}
      {children}
    </form>
  );
}

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly typed?: Typed;
  /** Said below the field. */
  readonly help?: Child;
};

/** A field of one line, or of several (`rows`), with what was typed and what is wrong with it. */
export function Field(
  props: FieldProps & {
    readonly hint?: string;
    readonly rows?: number;
    readonly required?: boolean;
    readonly type?: "text" | "search" | "number" | "password";
    /** What a browser may fill in by itself, as HTML names it: `username`. */
    readonly autocomplete?: string;
  },
) {
  const { name, label, typed = untouched, help, hint, rows, required } = props;
  const { type = "text", autocomplete = "off" } = props;
  const attributes = {
    name,
    placeholder: hint,
    autocomplete,
    autocapitalize: autocomplete === "username" ? "none" as const : undefined,
    spellcheck: false,
    required,
    ...faultProps(name, typed),
  };
  const value = typed.values[name] ?? "";
  return (
    <label>
      {label}
      {rows === undefined
        ? <input {...attributes} type={type} value={value} />
        // A line break that directly follows the tag is not part of the text.
        : <textarea {...attributes} rows={rows}>{`\n${value}`}</textarea>}
      {help !== undefined && <small>{help}</small>}
      <Fault name={name} typed={typed} />
    </label>
  );
}

/** One of several words, or none of them when there is a word for `any`. */
export function Choice(
  { name, label, typed = untouched, choices, any, help }: FieldProps & {
    readonly choices: readonly string[];
    readonly any?: string;
  },
) {
  const value = typed.values[name];
  const all = !value || choices.includes(value) ? choices : [value, ...choices];
  return (
    <label>
      {label}
      <select name={name} {...faultProps(name, typed)}>
        {any !== undefined && <option value="">{any}</option>}
        {all.map((each) => (
          <option value={each} selected={each === value}>
            {visible(each)}
          </option>
        ))}
      </select>
      {help !== undefined && <small>{help}</small>}
      <Fault name={name} typed={typed} />
    </label>
  );
}

/** What is wrong with the form as a whole. */
export function FormFault({ text }: { text: string | undefined }) {
  return text === undefined
    ? null
    : <p class="fault" role="alert">{visible(text)}</p>;
}

function faultProps(name: string, { faults }: Typed) {
  return faults[name] === undefined
    ? {}
    : { "aria-invalid": "true" as const, "aria-describedby": `${name}-fault` };
}

function Fault({ name, typed }: { name: string; typed: Typed }) {
  const fault = typed.faults[name];
  return fault === undefined
    ? null
    : <small class="fault" id={`${name}-fault`}>{visible(fault)}</small>;
}
