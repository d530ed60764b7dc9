import { assertEquals, assertStringIncludes } from "@std/assert";
import { version } from "../core/version.ts";
import { clockFinding, versionFinding } from "./health.ts";
import { isLoopback } from "./loopback.ts";

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const date = (ms: number) => new Date(now + ms).toUTCString();

Deno.test("clocks that are apart are told, with by how much and which way", () => {
  assertEquals(clockFinding(date(0), now, 10).verdict, "fine");
  const behind = clockFinding(date(600_000), now, 10);
  assertStringIncludes(behind.says, "600 s behind");
  assertEquals(behind.verdict, "doubtful");
  assertStringIncludes(clockFinding(date(-90_000), now, 10).says, "s ahead of");
  assertEquals(clockFinding(null, now, 10).verdict, "doubtful");
});

Deno.test("a slow answer is not taken for a clock that is off", () => {
  assertEquals(clockFinding(date(8_000), now, 9_000).verdict, "fine");
});

Deno.test("another version of the server is told", () => {
  assertEquals(versionFinding(version).verdict, "fine");
  assertEquals(versionFinding("0.99.0").verdict, "doubtful");
  assertEquals(versionFinding("9.0.0").verdict, "doubtful");
});

Deno.test("only this machine itself is safe without TLS", () => {
  const hosts = ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"];
  assertEquals(hosts.map(isLoopback), [true, true, true, true]);
  const others = ["localhost.example.org", "127.0.0.1.example.org", "10.0.0.1"];
  assertEquals(others.map(isLoopback), [false, false, false]);
});
