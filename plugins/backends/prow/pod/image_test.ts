import { assertEquals } from "@std/assert";
import { readImage } from "./image.ts";

const digest = `@sha256:${"0".repeat(64)}`;

const images: readonly (readonly [string, string, boolean])[] = [
  ["busybox", "docker.io/library/busybox:latest", false],
  ["busybox:1.36", "docker.io/library/busybox:1.36", true],
  ["a/b", "docker.io/a/b:latest", false],
  [
    "gcr.io/k8s-staging-test-infra/kubekins-e2e:v2-master",
    "gcr.io/k8s-staging-test-infra/kubekins-e2e:v2-master",
    true,
  ],
  ["registry:5000/a", "registry:5000/a:latest", false],
  ["localhost/test", "localhost/test:latest", true],
  ["localhost:5000/test", "localhost:5000/test:latest", false],
  [`quay.io/a/b${digest}`, `quay.io/a/b${digest}`, true],
  [`quay.io/a/b:v1${digest}`, `quay.io/a/b:v1${digest}`, true],
];

Deno.test("readImage() names registry and tag as Kubernetes would", () => {
  for (const [text, name, isFixed] of images) {
    assertEquals(readImage(text), { name, isFixed });
  }
});

Deno.test("readImage() takes nothing that podman would get from this machine, and no option", () => {
  const bad = [
    "",
    "dir:/etc",
    "oci-archive:/tmp/x.tar",
    "docker-archive:/x",
    "containers-storage:[a]b",
    "docker://a",
    "-v",
    "--privileged",
    "a b",
    "A",
    "a:",
    "a//b",
    "a@sha256:1",
    "../a",
    "a\n",
  ];
  assertEquals(bad.filter((text) => readImage(text) !== null), []);
});
