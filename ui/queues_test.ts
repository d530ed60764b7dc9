import { assertEquals } from "@std/assert";
import { byArchitecture } from "./queues.tsx";

Deno.test("queues are added up by backend and architecture, those without one stay apart", () => {
  const queue = (
    labels: Record<string, string>,
    length: number,
    at: number,
  ) => (
    { labels, length, oldestAt: at }
  );
  assertEquals(
    byArchitecture([
      queue({ backend: "prow", cluster: "default" }, 4, 40),
      queue({ backend: "debian", arch: "amd64", suite: "unstable" }, 3, 30),
      queue({ backend: "debian", suite: "testing", arch: "amd64" }, 2, 20),
      queue({ backend: "debian", arch: "arm64", suite: "testing" }, 1, 10),
      queue({ backend: "prow", cluster: "other" }, 1, 50),
    ]),
    [
      queue({ backend: "debian", arch: "amd64" }, 5, 20),
      queue({ backend: "prow", cluster: "default" }, 4, 40),
      queue({ backend: "debian", arch: "arm64" }, 1, 10),
      queue({ backend: "prow", cluster: "other" }, 1, 50),
    ],
  );
  assertEquals(byArchitecture([]), []);
});
