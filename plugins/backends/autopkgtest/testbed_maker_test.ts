import { assertEquals } from "@std/assert";
import { sourceLines } from "./testbed_maker.ts";

const uri = "http://mirror.test/debian/";
const origins = [
  { uri, codename: "bookworm-updates", component: "main" },
  { uri, codename: "bookworm", component: "main" },
  { uri, codename: "bookworm", component: "contrib" },
  {
    uri: "http://mirror.test/security/",
    codename: "bookworm-security",
    component: "main",
  },
];

Deno.test("a testbed of the machine's own release has its mirror, updates and sources, the release first", () => {
  assertEquals(sourceLines(origins, "bookworm", "bookworm"), [
    "deb http://mirror.test/debian/ bookworm main contrib",
    "deb-src http://mirror.test/debian/ bookworm main contrib",
    "deb http://mirror.test/debian/ bookworm-updates main",
    "deb-src http://mirror.test/debian/ bookworm-updates main",
    "deb http://mirror.test/security/ bookworm-security main",
    "deb-src http://mirror.test/security/ bookworm-security main",
  ]);
});

Deno.test("a testbed of another suite takes only the mirror from the machine", () => {
  assertEquals(sourceLines(origins, "bookworm", "unstable"), [
    "deb http://mirror.test/debian/ unstable main contrib",
    "deb-src http://mirror.test/debian/ unstable main contrib",
  ]);
});

Deno.test("without a known mirror mmdebstrap is left to its own", () => {
  assertEquals(sourceLines([], "bookworm", "unstable"), []);
});
