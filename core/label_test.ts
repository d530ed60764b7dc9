import { assertEquals, assertNotEquals } from "@std/assert";
import { isMet, missingLabels, queueKey, unmetLabels } from "./label.ts";

const labels = { backend: "autopkgtest", arch: "amd64", suite: "unstable" };
const offer = {
  backend: ["autopkgtest"],
  arch: ["amd64", "all"],
  suite: ["*"],
};

Deno.test("queueKey() is the same for the same needs in any order, and differs for others", () => {
  assertEquals(queueKey({ a: "1", b: "2" }), queueKey({ b: "2", a: "1" }));
  assertNotEquals(queueKey({ a: "1&b=2" }), queueKey({ a: "1", b: "2" }));
});

Deno.test("an offer meets labels that it names or takes by *", () => {
  assertEquals(isMet(labels, [offer]), true);
  assertEquals(isMet({ ...labels, arch: "riscv64" }, [offer]), false);
  assertEquals(isMet({ ...labels, gpu: "yes" }, [offer]), false);
  assertEquals(isMet(labels, []), false);
});

Deno.test("offers are not mixed: one of them must meet every label", () => {
  const prow = { backend: ["prow"], arch: ["riscv64"] };
  assertEquals(isMet({ ...labels, arch: "riscv64" }, [offer, prow]), false);
});

Deno.test("missingLabels() names what the nearest offer lacks", () => {
  assertEquals(
    missingLabels({ ...labels, arch: "riscv64" }, [
      { backend: ["prow"] },
      offer,
    ]),
    { arch: "riscv64" },
  );
  assertEquals(missingLabels(labels, [offer]), {});
  assertEquals(missingLabels(labels, []), labels);
});

Deno.test("labels named like an object's own members are not met by accident", () => {
  assertEquals(unmetLabels({ constructor: "x" }, {}), { constructor: "x" });
});
