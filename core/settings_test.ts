import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readSettings } from "./settings.ts";

Deno.test("readSettings() has a default for everything", () => {
  const settings = readSettings({});
  assertEquals(settings.databaseUrl, "file:data/slipway.db");
  assertEquals([settings.host, settings.port], ["127.0.0.1", 8000]);
  assertEquals(settings.executors, []);
});

Deno.test("readSettings() takes what is set, and an empty variable as not set", () => {
  const settings = readSettings({
    SLIPWAY_DATA: "/var/lib/slipway",
    PORT: "9000",
    SLIPWAY_URL: "https://ci.example.org/",
    SLIPWAY_EXECUTORS: "prow:process, autopkgtest:null",
    DATABASE_URL: "",
  });
  assertEquals(settings.databaseUrl, "file:/var/lib/slipway/slipway.db");
  assertEquals([settings.port, settings.publicUrl], [
    9000,
    "https://ci.example.org",
  ]);
  assertEquals(settings.executors, ["prow:process", "autopkgtest:null"]);
});

Deno.test("readSettings() names every faulty variable at once", () => {
  const error = assertThrows(
    () =>
      readSettings({
        PORT: "http",
        DATABASE_URL: "postgres://x",
        SLIPWAY_RUNNER_TOKEN: "short",
      }),
    TypeError,
  );
  for (const name of ["PORT", "DATABASE_URL", "SLIPWAY_RUNNER_TOKEN"]) {
    assertStringIncludes(error.message, name);
  }
});
