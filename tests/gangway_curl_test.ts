import { assert, assertEquals, assertMatch } from "@std/assert";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import { readCatalogue } from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import { executionSchema } from "../plugins/backends/prow/execution.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { serveApp } from "./gangway.ts";
import { root } from "./paths.ts";

const configuration = `
periodics:
- {name: periodic-to-trigger, spec: {containers: [{image: i, command: [a]}]}}
postsubmits:
  openshift/assisted-installer:
  - name: branch-ci-openshift-assisted-installer-release-4.12-images
    branches: [^release-4\\.12$]
    spec: {containers: [{image: i, command: [a]}]}
`;

const documentation = await Deno.readTextFile(
  `${root}/docs/gangway-compatibility.md`,
);

/** The blocks of the documentation in a language. */
function blocks(language: string): string[] {
  const fence = RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms");
  return [...documentation.matchAll(fence)].map(([, text = ""]) => text);
}

/** Puts a token of a group into the app, as `deno task token` does. */
async function makeToken(app: TestApp, signingKey: string): Promise<string> {
  const { account } = await app.app.store.accounts.ensure(
    "group",
    "ci-bots",
    roles.trigger,
  );
  const { token, insert } = await issueToken({
    key: await importSigningKey(signingKey),
    issuer: defaultIssuer,
    account,
    jti: crypto.randomUUID(),
    now: app.now(),
    expiresAt: null,
    scopes: null,
    description: "",
  });
  await app.database.batch([insert]);
  return token;
}

/** A served app with the documentation's jobs, and a shell in a folder with its `spec.json`. */
async function start() {
  const signingKey = await generateSigningKey();
  const auth = [bearer({ signingKey })];
  const app = await startTestApp([prow()], { auth, now: Date.now });
  const { jobs, faults } = readCatalogue([
    { path: "documented.yaml", text: configuration },
  ]);
  assertEquals(faults, []);
  await importCatalogue(app.database, jobs, app.now);
  const token = await makeToken(app, signingKey);
  const server = serveApp(app);
  const directory = await Deno.makeTempDir({ prefix: "slipway-test-" });
  const [spec = ""] = blocks("json");
  await Deno.writeTextFile(`${directory}/spec.json`, spec);
  return {
    app,
    /** What a command prints; it must succeed. */
    async shell(command: string, env: Record<string, string> = {}) {
      const { stdout, stderr, success } = await new Deno.Command("bash", {
        args: ["-euo", "pipefail", "-c", command],
        cwd: directory,
        env: { ...env, URL: server.url, TOKEN: token, no_proxy: "127.0.0.1" },
      }).output();
      const decoder = new TextDecoder();
      assert(success, decoder.decode(stderr));
      return decoder.decode(stdout);
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(directory, { recursive: true });
      await server[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** The documented calls: as they stand, and with the token told as OpenShift's users do. */
for (
  const [how, change] of [
    ["as they stand", (command: string) => command],
    [
      "with `oc whoami -t` for the token",
      (command: string) =>
        `oc() { printf %s "$TOKEN"; }\n${
          command.replace("$TOKEN", "$(oc whoami -t)")
        }`,
    ],
  ] as const
) {
  Deno.test(`the documented calls work in a shell, ${how}`, async () => {
    await using world = await start();
    const [periodic, override, postsubmit, status] = blocks("sh")
      .filter((block) => block.startsWith("curl ")).map(change);
    const run = async (command = "", ID = "") =>
      executionSchema.strict().parse(
        JSON.parse(await world.shell(command, { ID })),
      );
    const first = await run(periodic);
    assertEquals([first.job_name, first.job_type, first.job_status], [
      "periodic-to-trigger",
      "PERIODIC",
      "TRIGGERED",
    ]);
    const second = await run(override);
    assertMatch(
      second.pod_spec_options?.envs.RELEASE_IMAGE_LATEST ?? "",
      /^quay\.io\//,
    );
    const third = await run(postsubmit);
    assertEquals([third.job_type, third.refs?.base_ref], [
      "POSTSUBMIT",
      "release-4.12",
    ]);
    for (const { id, job_name } of [first, second, third]) {
      const shown = await run(status, id);
      assertEquals([shown.id, shown.job_name], [id, job_name]);
    }
    const [count] = await world.app.database.query(
      sql`select count(*) as runs from run`,
    );
    assertEquals(count?.runs, 3);
  });
}

Deno.test("a script that takes the last line for the status gets the status alone", async () => {
  await using world = await start();
  const curl = `curl -sS -w "%{http_code}" -H "Authorization: Bearer $TOKEN"`;
  for (const path of ["executions", "executions/none"]) {
    const last = await world.shell(`${curl} "$URL/v1/${path}" | tail -n 1`);
    assertEquals(last, path === "executions" ? "200" : "404");
  }
});
