/** Administrators add people who sign in with a password. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { roles } from "../core/permission.ts";
import { assertLeads, startAdmin } from "./admin.ts";
import { assertHarmless } from "./pages.ts";

const path = "/admin/users/-/new";

async function whoami(
  admin: Awaited<ReturnType<typeof start>>,
  name: string,
  password: string,
) {
  const response = await admin.rig.app.request("/v1/whoami", {
    headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
  });
  await response.body?.cancel();
  return response.status;
}

const start = () => startAdmin({ auth: [basic()] });

Deno.test("a user who is added signs in with the password that was made up, which is shown once and kept nowhere", async () => {
  await using admin = await start();
  const users = await admin.read("/admin/users");
  assert(users.document.querySelector(`main a[href="${path}"]`));
  const made = await admin.send(path, {
    name: "carol",
    role: "viewer",
    password: "",
  });
  assertEquals(made.status, 200);
  assertHarmless(made);
  assertStringIncludes(made.headers.get("cache-control") ?? "", "no-store");
  const password = made.document.querySelector(".secret")?.textContent ?? "";
  assert(password.length >= 20, password);
  assertEquals(await whoami(admin, "carol", password), 200);
  assertEquals(await whoami(admin, "carol", `${password}x`), 401);
  const { accounts, database } = admin.rig.app.app.store;
  assertEquals(
    (await accounts.findByName("user", "carol"))?.permissions,
    roles.viewer,
  );
  const kept = await database.query(
    sql`select * from basic_password, audit`,
  );
  assert(!JSON.stringify(kept).includes(password));
  assertEquals(await admin.audit(), [
    ["user:root", "users:create", "user:carol", "done"],
  ]);
  const page = await admin.read("/admin/users/carol");
  assertStringIncludes(page.text, "1 password");
});

Deno.test("a password may be chosen, and is not shown again beside what is wrong", async () => {
  await using admin = await start();
  const wrong = await admin.send(path, {
    name: "Carol!",
    role: "boss",
    password: "s3cret",
  });
  assertEquals(wrong.status, 400);
  for (const field of ["name", "role", "password"]) {
    const control = wrong.document.querySelector(`[name=${field}]`);
    assertEquals(control?.getAttribute("aria-invalid"), "true", field);
  }
  assertStringIncludes(wrong.html, 'value="Carol!"');
  assert(!wrong.html.includes("s3cret"));
  const fields = { name: "carol", role: "trigger", password: " long enough " };
  assertLeads(await admin.send(path, fields), "/admin/users/carol");
  assertEquals(await whoami(admin, "carol", " long enough "), 200);
  const taken = await admin.send(path, fields);
  assertEquals(taken.status, 400);
  assertStringIncludes(taken.text, "already");
});

Deno.test("nobody but an administrator adds users", async () => {
  await using admin = await start();
  for (const role of ["viewer", "trigger", "owner"] as const) {
    assertEquals((await admin.read(path, role)).status, 403);
    const refused = await admin.send(path, { name: "x", role }, role);
    assertEquals(refused.status, 403);
  }
  const { accounts } = admin.rig.app.app.store;
  assertEquals(await accounts.findByName("user", "x"), null);
});
