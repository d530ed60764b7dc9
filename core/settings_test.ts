import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { localUrl, readSettings } from "./settings.ts";

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

for (
  const SLIPWAY_URL of [
    "https://ci.example.org/?a=1",
    "https://ci.example.org/#top",
    "https://alice:secret@ci.example.org",
  ]
) {
  Deno.test(`readSettings() refuses a public URL that no path can follow: ${SLIPWAY_URL}`, () => {
    assertThrows(
      () => readSettings({ SLIPWAY_URL }),
      TypeError,
      "SLIPWAY_URL: expected a URL without",
    );
  });
}

for (
  const DATABASE_URL of [
    "file:",
    "file://",
    "file::memory:",
    "file:%zz",
    "file:data/",
    "file:slipway.db?mode=ro",
    "file:a%00b",
    "file://host/slipway.db",
  ]
) {
  Deno.test(`readSettings() refuses a database URL that names no file: ${DATABASE_URL}`, () => {
    assertThrows(
      () => readSettings({ DATABASE_URL }),
      TypeError,
      "DATABASE_URL: expected file: and the path",
    );
  });
}

for (
  const DATABASE_URL of [
    "file:slipway.db",
    "file:/var/lib/slip%20way/a.db",
    "file:///var/lib/slipway.db",
    "libsql://db.example.org",
  ]
) {
  Deno.test(`readSettings() takes the database URL ${DATABASE_URL}`, () => {
    assertEquals(readSettings({ DATABASE_URL }).databaseUrl, DATABASE_URL);
  });
}

Deno.test("localUrl() is what a browser on the same machine takes", () => {
  const hosts = ["127.0.0.1", "0.0.0.0", "::", "::1", "localhost"];
  assertEquals(hosts.map((host) => localUrl(host, 8000)), [
    "http://127.0.0.1:8000",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "http://[::1]:8000",
    "http://localhost:8000",
  ]);
  assertEquals(readSettings({ HOST: "[::1]" }).host, "::1");
});

Deno.test("readSettings() takes a data folder with a percent sign by its name", () => {
  assertEquals(
    readSettings({ SLIPWAY_DATA: "/srv/100%" }).databaseUrl,
    "file:/srv/100%25/slipway.db",
  );
});
