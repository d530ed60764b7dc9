import { assert, assertEquals, assertThrows } from "@std/assert";
import { readAuditArguments } from "./audit.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

Deno.test("readAuditArguments() says what is allowed", () => {
  for (
    const args of [
      ["show"],
      ["prune"],
      ["prune", "--older-than", "89d"],
      ["--older-than", "100d"],
      ["--since", "yesterday"],
      ["--user", "alice"],
    ]
  ) {
    assertThrows(() => readAuditArguments(args), UsageError, "Cannot ");
  }
  assertEquals(readAuditArguments(["--since", "2h", "--json"]), {
    action: "print",
    sinceMs: 7_200_000,
    isJson: true,
    only: { principal: undefined, action: undefined, target: undefined },
  });
});

Deno.test("what scripts change is in the audit, by operator, without a credential", async () => {
  await using folder = await makeDataFolder();
  const none = await folder.run("audit.ts", []);
  assertEquals([none.code, none.stdout], [0, ""]);
  const password = "correct horse battery staple";
  const key = (await folder.run("key.ts", ["--user", "bob"])).stdout.trim();
  await folder.run("user.ts", ["add", "alice"], `${password}\n`);
  const listed = await folder.run("key.ts", ["list"]);
  const id = listed.stdout.split("\t")[0] ?? "";
  await folder.run("key.ts", ["revoke", id]);
  const { code, stdout } = await folder.run("audit.ts", ["--json"]);
  assertEquals(code, 0);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    lines.map(({ principal, action, target }) => [principal, action, target]),
    [
      ["operator", "keys:create", id],
      ["operator", "users:create", "user:alice"],
      ["operator", "keys:revoke", id],
    ],
  );
  assert(!stdout.includes(key) && !stdout.includes(password));
  const of = await folder.run("audit.ts", ["--target", id]);
  assertEquals(of.stdout.trim().split("\n").length, 2);
});
