import { assertEquals } from "@std/assert";
import { refFault } from "./ref_name.ts";

const good = [
  "main",
  "release-1.2",
  "feature/a_b",
  "refs/pull/1/head",
  "0123456789abcdef0123456789abcdef01234567",
  "Ünïcode",
  "v1.0.0-rc.1",
];

const bad = [
  "",
  "-q",
  "--upload-pack=x",
  "+main",
  "a:b",
  "a b",
  "a\nb",
  "a\u0000",
  "a..b",
  "a//b",
  "/a",
  "a/",
  "a.lock",
  ".a",
  "a/.b",
  "a.",
  "a~1",
  "a^",
  "a?",
  "a*",
  "a[",
  "a\\b",
  "@",
  "a@{1}",
  "x".repeat(1001),
];

Deno.test("refFault() lets real names through and nothing that git would read as more", () => {
  assertEquals(good.filter((name) => refFault(name) !== null), []);
  assertEquals(bad.filter((name) => refFault(name) === null), []);
});
