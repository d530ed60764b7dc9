import { testBackend } from "../../../tests/conformance/backend.ts";
import template from "./mod.ts";

function post(body: unknown): Request {
  return new Request("http://slipway.test/backends/template/runs", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

testBackend("template", template(), {
  folder: new URL("./", import.meta.url),
  valid: [
    post({ job: "hello", command: ["echo", "hello"] }),
    post({ job: "wait", command: ["sleep", "9"], timeoutSeconds: 5 }),
  ],
  invalid: [
    post({}),
    post({ job: "hello", command: [] }),
    post({ job: "hello", command: ["true"], colour: "red" }),
  ],
});
