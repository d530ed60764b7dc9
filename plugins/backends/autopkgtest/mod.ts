/**
 * Tests of Debian packages, requested and followed through debci's API.
 * @module
 */
import { defineBackend } from "../../../core/backend.ts";
import { describe } from "./describe.ts";
import autopkgtest0001 from "./migrations/0001_autopkgtest_package.sql" with {
  type: "text",
};
import { optionsSchema } from "./options.ts";
import { outcome } from "./outcome.ts";
import { refuse } from "./reply.ts";
import { createRoutes } from "./routes.ts";

export default defineBackend({
  name: "autopkgtest",
  summary: "Tests of Debian packages through debci's API",
  options: optionsSchema,
  migrations: [
    { name: "0001_autopkgtest_package", sql: autopkgtest0001 },
  ],
  dialect: { prefixes: ["/api/"], refuse },
  routes: createRoutes,
  outcome,
  describe,
});
