import { assertEquals } from "@std/assert";
import { artifactPathFault } from "./artifact.ts";

Deno.test("artifactPathFault() takes names in folders, and nothing that leads out of them", () => {
  for (
    const path of [
      "started.json",
      "artifacts/junit.xml",
      "a b/ü.txt",
      "...",
      "a..b",
    ]
  ) {
    assertEquals(artifactPathFault(path), null, path);
  }
  for (
    const path of [
      "",
      "/etc/passwd",
      "../x",
      "a/../b",
      "a//b",
      "a/",
      "./a",
      "a\\b",
      "a\u0000b",
      "a\nb",
      "x".repeat(1001),
    ]
  ) {
    assertEquals(typeof artifactPathFault(path), "string", path);
  }
});
