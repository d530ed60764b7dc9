import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import {
  Field,
  FormFault,
  Name,
  PostForm,
  type Typed,
} from "../../../../ui/kit/mod.ts";
import { ownPath } from "./path.ts";

/** An upload as it was sent, with what is wrong with it. */
export type UploadState = {
  /** The JSON, for mending. */
  readonly text?: string;
  readonly priority?: string;
  readonly fault?: string;
  /** What is wrong with single requests and tests, each with its place. */
  readonly faults?: readonly string[];
  /** Beside the fields. */
  readonly fieldFaults?: Typed["faults"];
};

/** The most faults that are told at once. */
const maxTold = 100;

/** The most of an upload that comes back for mending. */
const maxKeptCharacters = 500_000;

const example =
  `[{"suite": "unstable", "arch": ["amd64"], "tests": [{"package": "hello", "trigger": "glibc/2.42"}]}]`;

/** The form that takes tests as JSON: a file, or text. */
export function UploadForm(
  { c, state }: { c: Context<AppEnv>; state: UploadState },
) {
  const { text = "", priority = "", fault, faults = [] } = state;
  const isKept = text.length <= maxKeptCharacters;
  const typed: Typed = {
    values: { text: isKept ? text : "", priority },
    faults: state.fieldFaults ?? {},
  };
  return (
    <section aria-labelledby="upload-title">
      <h2 id="upload-title">Many at once, as JSON</h2>
      <PostForm
        c={c}
        action={ownPath(c.var.principal.name, "/test/upload")}
        class="form"
        once
        upload
      >
        <FormFault text={fault} />
        {faults.length > 0 && <Faults faults={faults} />}
        <label>
          File
          <input type="file" name="tests" accept=".json,application/json" />
          {!isKept && (
            <small>It is too large to be mended here: choose it again</small>
          )}
        </label>
        <Field
          name="text"
          label="or text"
          typed={typed}
          rows={12}
          hint={example}
          help={<Keys />}
        />
        <Field
          name="priority"
          label="Priority of all"
          typed={typed}
          type="number"
          help="1 to 10, larger goes first; 5 when left empty"
        />
        <button type="submit">Request all tests</button>
      </PostForm>
      <Documentation />
    </section>
  );
}

/** What a request is made of, by its keys. */
function Keys() {
  return (
    <>
      A list of requests; each has <code>suite</code>, <code>arch</code> (a{" "}
      list) and <code>tests</code>, of which each has <code>package</code>{" "}
      and may have <code>trigger</code>, <code>pin-packages</code>,{" "}
      <code>is_private</code> and <code>extra-apt-sources</code>
    </>
  );
}

function Faults({ faults }: { faults: readonly string[] }) {
  return (
    <ul class="fault">
      {faults.slice(0, maxTold).map((each) => (
        <li>
          <Name text={each} />
        </li>
      ))}
      {faults.length > maxTold && <li>and {faults.length - maxTold} more</li>}
    </ul>
  );
}

function Documentation() {
  return (
    <details>
      <summary>How the JSON looks</summary>
      <pre class="trace" tabindex={0} role="region" aria-label="Example">{`[
  {
    "suite": "unstable",
    "arch": ["amd64", "arm64"],
    "tests": [
      {
        "package": "hello",
        "trigger": "glibc/2.42-1",
        "pin-packages": [["src:glibc", "testing"]],
        "is_private": false,
        "extra-apt-sources": []
      }
    ]
  }
]`}</pre>
      <p>
        It is what “Export as JSON” gives, and what{" "}
        <a href="/api/doc">POST /api/v1/test/batch</a>{" "}
        takes. All tests are asked for, or none. A package on the reject list is
        stored as failed at once.
      </p>
    </details>
  );
}
