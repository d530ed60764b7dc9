import { assertEquals, assertThrows } from "@std/assert";
import { dummy } from "../plugins/backends/dummy/executor.ts";
import { readOptions } from "./options.ts";

const env = {
  SLIPWAY_RUNNER_TOKEN: "0123456789abcdef",
  SLIPWAY_EXECUTORS: "dummy:dummy",
};

const urls: readonly { set: Record<string, string>; url: string }[] = [
  { set: {}, url: "http://127.0.0.1:8000" },
  { set: { PORT: "8123" }, url: "http://127.0.0.1:8123" },
  { set: { HOST: "0.0.0.0" }, url: "http://127.0.0.1:8000" },
  { set: { HOST: "::" }, url: "http://[::1]:8000" },
  {
    set: { SLIPWAY_URL: "https://ci.example.org/", PORT: "1" },
    url: "https://ci.example.org",
  },
];

for (const { set, url } of urls) {
  Deno.test(`with ${JSON.stringify(set)} the server is ${url}`, () => {
    assertEquals(readOptions({ ...env, ...set }, [dummy]).serverUrl, url);
  });
}

Deno.test("two slots unless told otherwise", () => {
  assertEquals(readOptions(env, [dummy]).slots, 2);
  assertEquals(readOptions({ ...env, SLIPWAY_SLOTS: "7" }, [dummy]).slots, 7);
  for (const SLIPWAY_SLOTS of ["0", "1.5", "x", "-1"]) {
    assertThrows(
      () => readOptions({ ...env, SLIPWAY_SLOTS }, [dummy]),
      TypeError,
      "SLIPWAY_SLOTS",
    );
  }
});

Deno.test("an executor that is named twice is used once", () => {
  const SLIPWAY_EXECUTORS = "dummy:dummy,dummy:dummy";
  const { executors } = readOptions({ ...env, SLIPWAY_EXECUTORS }, [dummy]);
  assertEquals(executors, [dummy]);
});
