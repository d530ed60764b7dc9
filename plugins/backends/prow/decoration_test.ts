import { assertEquals } from "@std/assert";
import { decorate, type DecorationDefault } from "./decoration.ts";

const job = { orgRepo: "o/r", cluster: "c" };

function entry(
  where: Partial<DecorationDefault>,
  config: DecorationDefault["config"] = { timeout: "2h" },
): DecorationDefault {
  return { repo: "", cluster: "", config, ...where };
}

const places: readonly (readonly [Partial<DecorationDefault>, boolean])[] = [
  [{}, true],
  [{ repo: "*", cluster: "*" }, true],
  [{ repo: "o" }, true],
  [{ repo: "o/r" }, true],
  [{ repo: "r" }, false],
  [{ repo: "o/s" }, false],
  [{ cluster: "c" }, true],
  [{ cluster: "d" }, false],
  [{ repo: "o/r", cluster: "d" }, false],
];

for (const [where, fits] of places) {
  Deno.test(`a default for ${JSON.stringify(where)} is ${fits ? "" : "not "}for o/r on c`, () => {
    const config = decorate(undefined, job, [entry(where)]);
    assertEquals(config, fits ? { timeout: "2h" } : undefined);
  });
}

Deno.test("a default for a bare repository is for a Gerrit host's URL too", () => {
  const gerrit = { orgRepo: "https://host/repo", cluster: "" };
  assertEquals(decorate(undefined, gerrit, [entry({ repo: "host/repo" })]), {
    timeout: "2h",
  });
});

Deno.test("later defaults override earlier ones, and the job overrides all, group by group", () => {
  const config = decorate(
    {
      timeout: "5m",
      ssh_key_secrets: [],
      utility_images: { sidecar: "own", clonerefs: "" },
    },
    job,
    [
      entry({}, {
        timeout: "1h",
        grace_period: "1m",
        ssh_key_secrets: ["key"],
        utility_images: { clonerefs: "first", sidecar: "first" },
      }),
      entry({}, {
        grace_period: "2m",
        utility_images: { entrypoint: "second" },
      }),
    ],
  );
  assertEquals(config, {
    timeout: "5m",
    grace_period: "2m",
    ssh_key_secrets: ["key"],
    utility_images: {
      clonerefs: "first",
      sidecar: "own",
      entrypoint: "second",
    },
  });
});
