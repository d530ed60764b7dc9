import { assert, assertEquals } from "@std/assert";
import { readMakeForm, readRotateForm } from "./token_form.ts";

const dayMs = 24 * 3_600_000;
const backends = ["prow", "autopkgtest"];

Deno.test("a form says what the API's body says, and what is left empty is the API's default", () => {
  const bare = new URLSearchParams({
    group: " ci-bots ",
    description: "",
    expires: "",
    scope: "",
    jobs: "",
  });
  assertEquals(readMakeForm(bare, backends), {
    wanted: {
      group: "ci-bots",
      scope: null,
      jobs: [],
      backends: [],
      expires: null,
      description: "",
    },
  });
  const full = new URLSearchParams({
    group: "ci-bots",
    description: "nightly",
    expires: "90d",
    scope: "*:read, executions:create",
    jobs: "periodic-*\r\n\r\n pull-* ",
  });
  for (const backend of backends) full.append("backends", backend);
  assertEquals(readMakeForm(full, backends), {
    wanted: {
      group: "ci-bots",
      scope: ["*:read", "executions:create"],
      jobs: ["periodic-*", "pull-*"],
      backends,
      expires: 90 * dayMs,
      description: "nightly",
    },
  });
  assertEquals(readRotateForm(new URLSearchParams("grace=&expires=")), {
    wanted: { grace: dayMs, expires: undefined },
  });
});

Deno.test("each fault is named at its field, and what was typed is kept", () => {
  const values = {
    group: "No Such",
    description: "a\u202eb",
    expires: "soon",
    scope: "read",
    jobs: "x".repeat(201),
    backends: "nowhere",
  };
  const read = readMakeForm(new URLSearchParams(values), backends);
  assert("typed" in read);
  assertEquals(read.typed.values, values);
  assertEquals(Object.keys(read.typed.faults).toSorted(), [
    "description",
    "expires",
    "group",
    "scope",
  ]);
  assert(read.typed.faults.scope?.startsWith('"read": expected a permission'));
  const rest = { ...values, group: "a", description: "", expires: "1d" };
  const late = readMakeForm(
    new URLSearchParams({ ...rest, scope: "" }),
    backends,
  );
  assert("typed" in late);
  assertEquals(Object.keys(late.typed.faults), ["jobs", "backends"]);
  const rotation = readRotateForm(new URLSearchParams("grace=1y&expires=x"));
  assert("typed" in rotation);
  assertEquals(Object.keys(rotation.typed.faults), ["grace", "expires"]);
});
